// A small library bot on discord.js; `node discord.cjs`, with COMPRESS=yes for compressed payloads.
'use strict';

const {
  ActionRowBuilder,
  ApplicationCommandOptionType: Option,
  ApplicationCommandType,
  AttachmentBuilder,
  ButtonBuilder,
  ButtonStyle,
  ChannelType,
  Client,
  ContainerBuilder,
  ContextMenuCommandBuilder,
  EmbedBuilder,
  Events,
  FileUploadBuilder,
  GatewayIntentBits: Intent,
  LabelBuilder,
  MessageFlags,
  ModalBuilder,
  Partials,
  PermissionFlagsBits,
  RESTJSONErrorCodes,
  SimpleShardingStrategy,
  SlashCommandBuilder,
  StringSelectMenuBuilder,
  TextDisplayBuilder,
  TextInputBuilder,
  TextInputStyle,
  UserSelectMenuBuilder,
} = require('discord.js');

const settings = process.env;
const books = ['Dune', 'Dubliners', 'Emma', 'Ulysses'];

// Without zlib-sync discord.js asks for payloads that are compressed one by one.
const compressing = (manager) => {
  manager.options.compression = 'zlib-stream';
  return new SimpleShardingStrategy(manager);
};
if (settings.COMPRESS) {
  console.warn = () => {};
}

const client = new Client({
  intents: [
    Intent.Guilds,
    Intent.GuildMembers,
    Intent.GuildMessages,
    Intent.GuildMessageReactions,
    Intent.DirectMessages,
    Intent.MessageContent,
    Intent.GuildWebhooks,
  ],
  partials: [Partials.Channel, Partials.Message, Partials.Reaction],
  rest: { api: settings.DISCORD_API_URL, cdn: settings.DISCORD_CDN_URL, version: '10' },
  ws: settings.COMPRESS ? { buildStrategy: compressing } : {},
});

const commands = [
  new SlashCommandBuilder()
    .setName('book')
    .setDescription('Books')
    .addSubcommand((sub) =>
      sub
        .setName('find')
        .setDescription('Find one')
        .addStringOption((option) =>
          option.setName('title').setDescription('Its title').setRequired(true).setAutocomplete(true),
        )
        .addIntegerOption((option) => option.setName('copies').setDescription('How many').setMinValue(1)),
    )
    .addSubcommandGroup((group) =>
      group
        .setName('shelf')
        .setDescription('Shelves')
        .addSubcommand((sub) =>
          sub
            .setName('lend')
            .setDescription('Lend')
            .addUserOption((option) => option.setName('to').setDescription('Whom').setRequired(true))
            .addStringOption((option) =>
              option
                .setName('length')
                .setDescription('How long')
                .addChoices({ name: 'A week', value: '7' }, { name: 'A month', value: '30' }),
            ),
        ),
    ),
  new SlashCommandBuilder()
    .setName('scan')
    .setDescription('Scan a page')
    .addAttachmentOption((option) => option.setName('page').setDescription('The page').setRequired(true)),
  new SlashCommandBuilder().setName('suggest').setDescription('Suggest a book'),
  new ContextMenuCommandBuilder().setName('Quote').setType(ApplicationCommandType.Message),
  new ContextMenuCommandBuilder().setName('Card').setType(ApplicationCommandType.User),
];

const row = (...components) => new ActionRowBuilder().addComponents(...components);

const card = () => [
  row(
    new ButtonBuilder().setCustomId('borrow').setLabel('Borrow').setStyle(ButtonStyle.Primary),
    new ButtonBuilder().setCustomId('wait').setLabel('Wait').setEmoji('⏳').setStyle(ButtonStyle.Secondary),
  ),
  row(
    new StringSelectMenuBuilder()
      .setCustomId('genre')
      .setPlaceholder('Genre')
      .setMaxValues(2)
      .addOptions({ label: 'Novel', value: 'novel' }, { label: 'Poem', value: 'poem' }),
  ),
  row(new UserSelectMenuBuilder().setCustomId('reader').setPlaceholder('Reader')),
];

const form = new ModalBuilder()
  .setCustomId('suggestion')
  .setTitle('A suggestion')
  .addTextDisplayComponents(new TextDisplayBuilder().setContent('Anything goes.'))
  .addLabelComponents(
    new LabelBuilder()
      .setLabel('Title')
      .setTextInputComponent(
        new TextInputBuilder().setCustomId('title').setStyle(TextInputStyle.Short).setMaxLength(20),
      ),
    new LabelBuilder()
      .setLabel('Kind')
      .setStringSelectMenuComponent(
        new StringSelectMenuBuilder()
          .setCustomId('kind')
          .addOptions({ label: 'Novel', value: 'novel' }, { label: 'Poem', value: 'poem' }),
      ),
    new LabelBuilder()
      .setLabel('Cover')
      .setFileUploadComponent(new FileUploadBuilder().setCustomId('cover').setRequired(false)),
  );

const bytesOf = async (url) => Buffer.from(await (await fetch(url)).arrayBuffer());

// What people write, and what the bot does then.
const words = {
  async '!card'(message) {
    const embed = new EmbedBuilder()
      .setTitle('Dune')
      .setDescription('A **novel**')
      .setColor(0x336699)
      .addFields({ name: 'Copies', value: '2', inline: true })
      .setFooter({ text: 'Shelf 4' });
    await message.reply({ embeds: [embed], components: card() });
  },
  async '!panel'(message) {
    const container = new ContainerBuilder()
      .addTextDisplayComponents((text) => text.setContent('# Panel'))
      .addSeparatorComponents((separator) => separator)
      .addSectionComponents((section) =>
        section
          .addTextDisplayComponents((text) => text.setContent('Press it'))
          .setButtonAccessory((button) => button.setCustomId('press').setLabel('Press').setStyle(ButtonStyle.Success)),
      );
    await message.channel.send({ components: [container], flags: MessageFlags.IsComponentsV2 });
  },
  async '!wait'(message) {
    const sure = new ButtonBuilder().setCustomId('sure').setLabel('Yes').setStyle(ButtonStyle.Danger);
    // Whoever answers may be quicker than the end of our own request.
    const patience = { filter: (sent) => (sent.user ?? sent.author).id === message.author.id, time: 5000 };
    const pressing = message.channel.awaitMessageComponent(patience);
    await message.channel.send({ content: 'Sure?', components: [row(sure)] });
    const press = await pressing;
    const saying = message.channel.awaitMessages({ ...patience, max: 1 });
    await press.deferUpdate();
    await press.editReply({ content: `Sure: ${press.customId}`, components: [] });
    const answers = await saying;
    await message.channel.send({ content: `You said ${answers.first().content}`, allowedMentions: { parse: [] } });
  },
  async '!thread'(message) {
    const thread = await message.startThread({ name: 'Reading', autoArchiveDuration: 60 });
    await thread.members.add(message.author);
    const first = await thread.send('First page');
    await first.pin();
    const pins = await thread.messages.fetchPins();
    await thread.setName(`Reading, ${pins.items.length} pinned`);
    await thread.setLocked(true);
    await thread.setArchived(true);
    await message.channel.send('Read and put away');
  },
  async '!forum'(message) {
    const forum = message.guild.channels.cache.find((channel) => channel.type === ChannelType.GuildForum);
    const tag = forum.availableTags.find(({ name }) => name === 'new');
    const post = await forum.threads.create({
      name: 'A review',
      message: { content: 'Read it', files: [new AttachmentBuilder(Buffer.from('five stars'), { name: 'stars.txt' })] },
      appliedTags: [tag.id],
    });
    const starter = await post.fetchStarterMessage();
    await message.reply(`${post.url.includes(post.id)} ${starter.attachments.first().name}`);
  },
  async '!webhook'(message) {
    const hook = await message.channel.createWebhook({ name: 'Librarian' });
    const sent = await hook.send({ content: 'Hush', username: 'Shelf', allowedMentions: { parse: [] } });
    await hook.editMessage(sent.id, { content: 'Hush!' });
    const { threads } = await message.channel.threads.fetchActive();
    const thread = threads.first() ?? (await message.channel.threads.create({ name: 'Quiet room' }));
    const inside = await hook.send({ content: 'In here', threadId: thread.id });
    await hook.deleteMessage(inside.id, thread.id);
    await hook.send({ content: 'Still here', threadId: thread.id, files: [{ attachment: Buffer.from('x'), name: 'x.txt' }] });
    await hook.delete();
    await message.channel.send(`Webhooks left: ${(await message.channel.fetchWebhooks()).size}`);
  },
  async '!people'(message) {
    const members = await message.guild.members.fetch();
    const [found] = (await message.guild.members.search({ query: 'cle', limit: 1 })).values();
    const avatar = await bytesOf(message.author.displayAvatarURL({ extension: 'png' }));
    const names = members.filter(({ user }) => !user.bot).map(({ displayName }) => displayName);
    await message.channel.send(`${names.sort().join(' ')}; ${found.user.username}; ${avatar.subarray(1, 4)}`);
  },
  async '!sweep'(message) {
    const recent = await message.channel.messages.fetch({ limit: 100, after: message.id });
    await message.channel.bulkDelete(recent.filter(({ content }) => content.startsWith('dust')));
    const left = await message.channel.messages.fetch({ limit: 3 });
    await message.channel.send(`Left after it: ${left.filter(({ id }) => id > message.id).size}`);
  },
  async '!role'(message) {
    const role = await message.guild.roles.create({ name: 'Reader', permissions: [PermissionFlagsBits.SendMessages] });
    const member = await message.member.roles.add(role);
    await message.channel.send(`${member.displayName} is a reader: ${member.roles.cache.has(role.id)}`);
    await role.delete();
  },
  async '!room'(message) {
    const room = await message.guild.channels.create({
      name: 'reading-room',
      topic: 'Quiet',
      permissionOverwrites: [
        { id: message.guild.roles.everyone, deny: [PermissionFlagsBits.ViewChannel] },
        { id: message.author, allow: [PermissionFlagsBits.ViewChannel] },
        { id: client.user, allow: [PermissionFlagsBits.ViewChannel] },
      ],
    });
    await room.send('Shh');
    await message.channel.send(`${room.topic} ${room.permissionsFor(message.member).has(PermissionFlagsBits.ViewChannel)}`);
  },
  async '!wrong'(message) {
    const unknown = await message.channel.messages.fetch('1').catch((error) => error.code);
    const empty = await message.channel.send({ content: '' }).catch((error) => error.code);
    const missing = await client.rest.get('/library/cards').catch((error) => `${error.status} ${error.rawError.message}`);
    await message.channel.send(
      `${unknown === RESTJSONErrorCodes.UnknownMessage} ${empty === RESTJSONErrorCodes.CannotSendAnEmptyMessage} ${missing}`,
    );
  },
};

client.on(Events.MessageCreate, async (message) => {
  if (message.author.bot || message.webhookId) {
    return;
  }
  if (message.channel.isDMBased()) {
    await message.channel.sendTyping();
    await message.author.send(`You wrote ${message.content}`);
  } else if (message.attachments.size > 0) {
    const sent = message.attachments.first();
    const turned = (await bytesOf(sent.url)).reverse();
    const file = new AttachmentBuilder(turned, { name: `backwards-${sent.name}`, description: 'Backwards' });
    await message.reply({ content: `${sent.size} bytes`, files: [file] });
  } else {
    await words[message.content]?.(message);
  }
});

client.on(Events.MessageUpdate, async (before, after) => {
  if (!after.author.bot && after.editedTimestamp !== before.editedTimestamp) {
    await after.reply(`It was ${before.content}`);
  }
});

client.on(Events.MessageDelete, async (message) => {
  if (message.author && !message.author.bot) {
    await message.channel.send(`Gone: ${message.content}`);
  }
});

client.on(Events.MessageReactionAdd, async (reaction, user) => {
  if (user.bot) {
    return;
  }
  const message = await reaction.message.fetch();
  await message.react('📚');
  const users = await message.reactions.resolve(reaction.emoji.name).users.fetch();
  await message.channel.send(`${reaction.emoji.name} by ${users.map(({ username }) => username).join()}`);
});

client.on(Events.ThreadCreate, async (thread, isNew) => {
  if (isNew && thread.ownerId !== client.user.id && thread.parent.type === ChannelType.GuildForum) {
    await thread.send(`Welcome to ${thread.name}`);
  }
});

// What people press, choose, type and hand in.
const presses = {
  async borrow(interaction) {
    await interaction.update({ content: `Borrowed by ${interaction.member.displayName}`, components: [] });
  },
  async wait(interaction) {
    await interaction.deferReply({ flags: MessageFlags.Ephemeral });
    await interaction.editReply('Waiting');
    const more = await interaction.followUp({ content: 'Still waiting', flags: MessageFlags.Ephemeral });
    await interaction.deleteReply(more);
  },
  async press(interaction) {
    const handing = interaction.awaitModalSubmit({ filter: (i) => i.customId === 'suggestion', time: 5000 });
    await interaction.showModal(form);
    const handed = await handing;
    await handed.reply({ content: `Pressed: ${handed.fields.getTextInputValue('title')}` });
  },
  async genre(interaction) {
    await interaction.reply({ content: interaction.values.join(' and '), flags: MessageFlags.Ephemeral });
  },
  async reader(interaction) {
    const reader = interaction.members.first();
    const { resource } = await interaction.reply({ content: `For ${reader.displayName}`, withResponse: true });
    await resource.message.react('👓');
  },
};

const typed = {
  async 'book find'(interaction) {
    const title = interaction.options.getString('title', true);
    const copies = interaction.options.getInteger('copies') ?? 1;
    await interaction.reply(`${copies} × ${title}`);
    const answer = await interaction.fetchReply();
    await interaction.followUp(`As ${answer.interactionMetadata.user.username} asked`);
  },
  async 'book shelf lend'(interaction) {
    await interaction.deferReply();
    const to = interaction.options.getMember('to');
    await interaction.editReply(`${to.displayName} for ${interaction.options.getString('length') ?? 'ever'}`);
  },
  async scan(interaction) {
    const page = interaction.options.getAttachment('page', true);
    const bytes = await bytesOf(page.url);
    await interaction.reply({ content: `${page.name}: ${bytes}`, files: [{ attachment: bytes, name: 'copy.txt' }] });
  },
  async suggest(interaction) {
    await interaction.showModal(form);
  },
};

const named = ({ options, commandName }) =>
  [commandName, options.getSubcommandGroup(false), options.getSubcommand(false)].filter(Boolean).join(' ');

client.on(Events.InteractionCreate, async (interaction) => {
  if (interaction.isAutocomplete()) {
    const { value } = interaction.options.getFocused(true);
    const found = books.filter((title) => title.toLowerCase().startsWith(value.toLowerCase()));
    await interaction.respond(found.map((title) => ({ name: title, value: title.toLowerCase() })));
  } else if (interaction.isChatInputCommand()) {
    await typed[named(interaction)](interaction);
  } else if (interaction.isMessageContextMenuCommand()) {
    await interaction.reply({ content: `> ${interaction.targetMessage.content}`, flags: MessageFlags.Ephemeral });
  } else if (interaction.isUserContextMenuCommand()) {
    await interaction.reply(`${interaction.targetMember.displayName}, since ${interaction.targetUser.createdAt.getFullYear()}`);
  } else if (interaction.isMessageComponent()) {
    await presses[interaction.customId]?.(interaction);
  } else if (interaction.isModalSubmit() && !interaction.message) {
    const covers = interaction.fields.getUploadedFiles('cover');
    const [kind] = interaction.fields.getStringSelectValues('kind');
    const sizes = await Promise.all((covers ?? []).map(async ({ url }) => (await bytesOf(url)).length));
    await interaction.reply(`${interaction.fields.getTextInputValue('title')}, a ${kind}, ${sizes.join() || 'no'} cover`);
  }
});

process.once('SIGTERM', async () => {
  await client.destroy();
  process.exit(0);
});

client.once(Events.ClientReady, async (ready) => {
  const [guild] = ready.guilds.cache.values();
  const registered = await guild.commands.set(commands);
  const kinds = registered.get(registered.firstKey()).options.map(({ type }) => Option[type]);
  console.log(JSON.stringify({ ready: `${registered.size} ${kinds.join()}` }));
});

client.login(settings.DISCORD_TOKEN);
