// A small survey bot on @slack/bolt; `node bolt.mjs` with MODE=socket or MODE=http.
import bolt from '@slack/bolt';

const { App, LogLevel } = bolt;
const settings = process.env;
const overSocket = settings.MODE === 'socket';

const app = new App({
  token: settings.SLACK_BOT_TOKEN,
  signingSecret: settings.SLACK_SIGNING_SECRET,
  appToken: settings.SLACK_APP_TOKEN,
  socketMode: overSocket,
  logLevel: settings.LOG_LEVEL ?? LogLevel.WARN,
  clientOptions: { slackApiUrl: settings.SLACK_API_URL },
});

const plain = (text) => ({ type: 'plain_text', text });
const button = (text, actionId, value) => ({
  type: 'button',
  text: plain(text),
  action_id: actionId,
  value,
});
const option = (text) => ({ text: plain(text), value: text.toLowerCase() });

const fruits = ['Apple', 'Apricot', 'Banana', 'Cherry'];

const form = (metadata, title = 'Survey') => ({
  type: 'modal',
  callback_id: 'survey',
  notify_on_close: true,
  private_metadata: metadata,
  title: plain(title),
  submit: plain('Send'),
  blocks: [
    {
      type: 'input',
      block_id: 'why',
      label: plain('Why'),
      element: { type: 'plain_text_input', action_id: 'text', multiline: true },
    },
    {
      type: 'input',
      block_id: 'fruit',
      optional: true,
      label: plain('Fruit'),
      element: {
        type: 'external_select',
        action_id: 'fruits',
        min_query_length: 0,
        placeholder: plain('Pick one'),
      },
    },
    { type: 'actions', block_id: 'more', elements: [button('Rename', 'rename', 'Poll'), button('Help', 'help', 'x')] },
  ],
});

// Messages and threads.
app.message('survey please', async ({ message, say, client }) => {
  await client.reactions.add({ channel: message.channel, timestamp: message.ts, name: 'eyes' });
  await say({
    text: 'A survey',
    thread_ts: message.ts,
    blocks: [
      { type: 'section', text: { type: 'mrkdwn', text: `*A survey* for <@${message.user}>` } },
      {
        type: 'actions',
        block_id: 'card',
        elements: [
          button('Answer', 'answer', message.ts),
          {
            type: 'static_select',
            action_id: 'mood',
            placeholder: plain('Mood'),
            options: [option('Good'), option('Bad')],
          },
          { type: 'overflow', action_id: 'menu', options: [option('Pin'), option('Withdraw')] },
        ],
      },
    ],
  });
});

app.message(/^count (\w+)/, async ({ context, message, client, say }) => {
  const history = await client.conversations.replies({ channel: message.channel, ts: message.thread_ts, limit: 1 });
  const { permalink } = await client.chat.getPermalink({ channel: message.channel, message_ts: message.ts });
  let replies = history.messages.length;
  let cursor = history.response_metadata?.next_cursor;
  while (cursor) {
    const page = await client.conversations.replies({
      channel: message.channel,
      ts: message.thread_ts,
      limit: 1,
      cursor,
    });
    replies += page.messages.length;
    cursor = page.response_metadata?.next_cursor;
  }
  await say({ text: `${context.matches[1]}: ${replies} ${permalink.includes('/archives/')}`, thread_ts: message.ts });
});

// Files: one comes, its bytes turned round go back into the thread.
app.event('message', async ({ event, client }) => {
  if (event.subtype === 'message_changed' && !event.message.bot_id) {
    await client.chat.postEphemeral({ channel: event.channel, user: event.message.user, text: `was: ${event.previous_message.text}` });
  }
  if (event.subtype !== 'file_share' || event.bot_id) {
    return;
  }
  const [file] = event.files;
  const response = await fetch(file.url_private_download, {
    headers: { Authorization: `Bearer ${settings.SLACK_BOT_TOKEN}` },
  });
  const turned = Buffer.from(await response.arrayBuffer()).reverse();
  await client.filesUploadV2({
    channel_id: event.channel,
    thread_ts: event.ts,
    initial_comment: `${file.name} backwards`,
    file_uploads: [
      { file: turned, filename: `backwards-${file.name}`, title: 'Backwards' },
      { content: 'plain', filename: 'note.txt' },
    ],
  });
});

// Buttons and menus.
app.action('answer', async ({ ack, body, client }) => {
  await ack();
  const metadata = JSON.stringify({ channel: body.channel.id, ts: body.message.ts });
  await client.views.open({ trigger_id: body.trigger_id, view: form(metadata) });
});

app.action({ action_id: 'mood', block_id: 'card' }, async ({ ack, action, respond }) => {
  await ack();
  await respond({ text: `Mood: ${action.selected_option.value}`, replace_original: false, response_type: 'ephemeral' });
});

app.action('menu', async ({ ack, action, body, client, respond }) => {
  await ack();
  if (action.selected_option.value === 'pin') {
    await client.pins.add({ channel: body.channel.id, timestamp: body.message.ts });
    await respond({ text: 'Pinned', replace_original: true });
  } else {
    await respond({ delete_original: true });
  }
});

// Modals: renamed, one upon another, refused, accepted, dismissed.
app.action('rename', async ({ ack, action, body, client }) => {
  await ack();
  const { id, hash, private_metadata: metadata } = body.view;
  await client.views.update({ view_id: id, hash, view: form(metadata, action.value) });
});

app.action('help', async ({ ack, body, client }) => {
  await ack();
  const blocks = [{ type: 'section', text: plain('Say why.') }];
  await client.views.push({ trigger_id: body.trigger_id, view: { type: 'modal', title: plain('Help'), blocks } });
});

app.options('fruits', async ({ ack, options }) => {
  const typed = options.value.toLowerCase();
  await ack({ options: fruits.filter((name) => name.toLowerCase().startsWith(typed)).map(option) });
});

app.view('survey', async ({ ack, view, body, client }) => {
  const { why, fruit } = view.state.values;
  if (why.text.value.length < 3) {
    await ack({ response_action: 'errors', errors: { why: 'Say more' } });
    return;
  }
  await ack({ response_action: 'clear' });
  const { channel, ts } = JSON.parse(view.private_metadata);
  const chosen = fruit.fruits.selected_option?.value ?? 'nothing';
  await client.chat.update({ channel, ts, text: `${body.user.name}: ${why.text.value}, ${chosen}`, blocks: [] });
});

app.view({ callback_id: 'survey', type: 'view_closed' }, async ({ ack, body, client }) => {
  await ack();
  await client.chat.postMessage({ channel: body.user.id, text: `Dismissed, all of it: ${body.is_cleared}` });
});

// Commands and shortcuts.
app.command('/survey', async ({ ack, command, respond, client }) => {
  if (command.text === 'unknown') {
    await ack();
    const reason = await client.apiCall('survey.invent').catch((error) => error.data.error);
    await respond(`No: ${reason}`);
    return;
  }
  await ack(`Working on ${command.text}`);
  await respond({ text: `${command.user_name} asks for ${command.text}`, response_type: 'in_channel' });
});

app.shortcut({ callback_id: 'to_survey', type: 'message_action' }, async ({ ack, shortcut, client }) => {
  await ack();
  const metadata = JSON.stringify({ channel: shortcut.channel.id, ts: shortcut.message.ts });
  await client.views.open({ trigger_id: shortcut.trigger_id, view: form(metadata, 'From a message') });
});

app.shortcut('new_survey', async ({ ack, shortcut, client }) => {
  await client.views.open({ trigger_id: shortcut.trigger_id, view: form('{}', 'From anywhere') });
  await ack();
});

// App Home, mentions, reactions, people.
app.event('app_home_opened', async ({ event, client }) => {
  if (event.tab !== 'home') {
    return;
  }
  const { user } = await client.users.info({ user: event.user });
  const blocks = [{ type: 'section', text: plain(`Welcome, ${user.profile.display_name}`), accessory: button('Begin', 'begin', 'now') }];
  await client.views.publish({ user_id: event.user, view: { type: 'home', blocks } });
});

app.action('begin', async ({ ack, body, client }) => {
  await ack();
  const blocks = [{ type: 'section', text: plain('Begun') }];
  await client.views.publish({ user_id: body.user.id, view: { type: 'home', blocks } });
});

app.event('app_mention', async ({ event, client, context }) => {
  const { members } = await client.conversations.members({ channel: event.channel });
  await client.chat.postMessage({
    channel: event.channel,
    text: `${members.includes(context.botUserId) ? 'Yes' : 'No'}, <@${event.user}>?`,
    metadata: { event_type: 'mentioned', event_payload: { by: event.user } },
  });
});

app.event('reaction_added', async ({ event, client }) => {
  if (event.reaction === 'wastebasket') {
    await client.chat.delete({ channel: event.item.channel, ts: event.item.ts });
  }
});

process.once('SIGTERM', async () => {
  await app.stop();
  process.exit(0);
});

if (overSocket) {
  await app.start();
  console.log(JSON.stringify({ ready: 'socket' }));
} else {
  const server = await app.start({ port: 0, host: '127.0.0.1' });
  console.log(JSON.stringify({ ready: `http://127.0.0.1:${server.address().port}/slack/events` }));
}
