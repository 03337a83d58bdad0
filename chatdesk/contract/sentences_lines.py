"""What the desk says by itself in threads and to people, by the key under which it is written down."""

from __future__ import annotations

from chatdesk.contract.sentences import Sentence

LINES: dict[str, Sentence] = {
    # To the customer side.
    "opened": Sentence(
        "🎫 Ticket **#{number}**: {title}. We have received it; answers appear here, and what you "
        "write here reaches us."
    ),
    "opened_from": Sentence("🎫 Ticket **#{number}** continues #{follows}: {title}. Answers appear here."),
    "draft": Sentence(
        "🎫 **#{number}** needs one more thing: {missing}. Otherwise I send it as it is in "
        "{minutes} minutes."
    ),
    "draft_sent": Sentence("🎫 **#{number}** is sent. Answers appear here."),
    "customer_resolved": Sentence(
        "✅ {actor} resolved this ticket. {resolution}Write here if it is not solved."
    ),
    "customer_resolved_for_all": Sentence("✅ This ticket is resolved. Write here if it is not solved."),
    "article": Sentence(
        "📖 This may be the answer: **{title}**\n\n{body}\n\nDid it solve **#{number}**? If you do not say, "
        "I send it to the team in {minutes} minutes."
    ),
    "deflected": Sentence("🎉 **#{number}** is solved without troubling anybody. Write here if it is not."),
    "customer_split": Sentence(
        "✂️ “{about}” is ticket **#{number}** now; answers to it appear in a thread of its own."
    ),
    "customer_merged": Sentence(
        "🔀 We look at this together with others who told us of the same. What you write here still reaches "
        "us alone, and answers appear here."
    ),
    "customer_resolved_ending": Sentence(
        "✅ {actor} resolved this ticket. {resolution}Write here if it is not solved. {ending}"
    ),
    "resolved_ending": Sentence("Otherwise it is closed on **{time}**."),
    "reminder": Sentence("⏳ We are waiting for your answer. {ending}Is it solved?"),
    "reminder_over": Sentence("⏳ We asked whether this is solved."),
    "reminder_ending": Sentence("Without an answer this ticket is closed on **{time}**. "),
    "close_request": Sentence(
        "❓ {actor} thinks that this is solved. {resolution}{ending}May this ticket be closed?"
    ),
    "close_request_over": Sentence("❓ {actor} asked whether this ticket may be closed."),
    "customer_close_declined": Sentence("↩️ We keep working on it. Tell us what is still missing."),
    "customer_closed_in_silence": Sentence(
        "🏁 This ticket is closed, as we heard nothing more. Write here if you still need help."
    ),
    "rating_asked": Sentence("⭐ How satisfied are you with what we did about #{number}? Only staff see it."),
    "customer_closed": Sentence("🏁 This ticket is closed. {resolution}"),
    "customer_reopened": Sentence("↩️ This ticket is open again."),
    "customer_claimed": Sentence("🙌 {actor} is looking after this ticket now."),
    "customer_escalated": Sentence("🚨 We have asked {team} to look at this. Expect an answer by {time}."),
    "customer_escalation_seen": Sentence("👀 {team} has seen it and is on it."),
    "customer_taken_over": Sentence("➡️ {team} looks after this ticket now."),
    "customer_sent_back": Sentence("↩️ {team} has looked at it; we go on from here."),
    "customer_moved": Sentence("➡️ {team} looks after this ticket now."),
    "customer_cancelled": Sentence("🚫 This ticket was cancelled."),
    "file_failed": Sentence("⚠️ {name} could not be passed on: {reason}."),
    # To the team side.
    "readers_reply": Sentence(
        "👁 {requester} reads what you write here. Begin with 🔒 or `note:` to keep it inside."
    ),
    "readers_internal": Sentence(
        "👁 What you write here stays inside. Begin with `reply:` to send it to {requester}."
    ),
    "readers_escalation": Sentence("👁 Only staff read this thread; nothing here goes to {requester}."),
    "claimed": Sentence("🙌 {actor} claimed this ticket"),
    "released": Sentence("👐 {actor} released this ticket"),
    "assigned": Sentence("👉 {actor} assigned this ticket to {agent}"),
    "priority_up": Sentence("⏫ {actor}: priority {before} → {after}"),
    "priority_down": Sentence("⏬ {actor}: priority {before} → {after}"),
    "status": Sentence("🔁 {actor}: status {before} → {after}"),
    "category": Sentence("🗂 {actor}: category {before} → {after}"),
    "service": Sentence("🗂 {actor}: service {after}"),
    "tag_added": Sentence("🏷 {actor} added the tag {tag}"),
    "tag_removed": Sentence("🏷 {actor} removed the tag {tag}"),
    "resolved": Sentence("✅ {actor} resolved this ticket. {resolution}"),
    "closed": Sentence("🏁 {actor} closed this ticket. {resolution}"),
    "reminded": Sentence("⏳ The requester was reminded that this ticket waits for them"),
    "closed_in_silence": Sentence("🏁 This ticket was {status} and nobody said more, so it is closed"),
    "close_asked": Sentence("❓ {actor} asked the requester whether this ticket may be closed"),
    "close_accepted": Sentence("🏁 {actor} agreed that this ticket is closed"),
    "close_declined": Sentence("↩️ {actor} still needs help; this ticket is open"),
    "snoozed": Sentence("💤 {actor} snoozed this ticket until {until}"),
    "woken": Sentence("⏰ {actor} ended the snooze of this ticket"),
    "back_in_time": Sentence("⏰ This ticket is back: its snooze is over"),
    "back_after_reply": Sentence("⏰ This ticket is back: its requester has written"),
    "told_back_in_time": Sentence("⏰ **#{number}** {title} is back: its snooze is over."),
    "told_back_after_reply": Sentence("⏰ **#{number}** {title} is back: its requester has written."),
    "follow_up_due": Sentence("📌 It is time for the follow-up: {what}"),
    "told_follow_up_due": Sentence("📌 It is time for the follow-up of **#{number}** {title}: {what}"),
    "rated": Sentence("⭐ {actor} rated this ticket {score} of 5{comment}"),
    "rated_low": Sentence("📉 {actor} rated **#{number}** {title} {score} of 5{comment}"),
    "reopened": Sentence("↩️ {actor} reopened this ticket. {reason}"),
    "cancelled": Sentence("🚫 {actor} cancelled this ticket. {reason}"),
    "moved": Sentence("➡️ {actor} moved this ticket from {before} to {after}. {reason}"),
    "moved_card": Sentence(
        "➡️ **#{number}** {title} is with **{team}** now. This thread is closed to the ticket."
    ),
    "thread_over": Sentence(
        "🔚 This thread is closed to #{number}; what is written here reaches nobody. {team} has "
        "it now."
    ),
    "related": Sentence("🔗 {actor} linked this ticket: {label} **#{other}**"),
    "unrelated": Sentence("🔗 {actor} removed the link to **#{other}**"),
    "children_wait": Sentence("👪 **#{number}** is resolved; its children are still open: {numbers}."),
    "article_hint": Sentence("📖 {title}: `/kb show {article}`"),
    "may_be_same": Sentence("🔁 This may be the same as {which}."),
    "split": Sentence("✂️ {actor} made **#{number}** of a message of {author}: {title}"),
    "split_from": Sentence("✂️ {actor} made this ticket of a message of **#{number}**"),
    "merged_in": Sentence(
        "🔀 {actor} merged **#{number}** of {requester} into this ticket: {title}. Answers from here reach "
        "{requester} too; what {requester} writes is shown here, and to no other requester."
    ),
    "merged_card": Sentence("🔀 **#{number}** {title} was merged into **#{main}**, where it goes on."),
    "merged_thread": Sentence(
        "🔀 **#{number}** goes on in the thread of **#{main}**. An answer that you still write here, or with "
        "`/ticket reply #{number}`, is shown there, and goes to {requester} alone."
    ),
    "unmerged": Sentence("↩️ {actor} undid the merge: **#{number}** is a ticket of its own again."),
    "unmerged_from": Sentence(
        "↩️ {actor} undid the merge of **#{number}**. What is written here reaches its requester no longer."
    ),
    "escalation_over_card": Sentence("🔚 **#{number}** {title}: {outcome}"),
    "escalation_over": Sentence("🔚 {outcome} What is written here no longer belongs to #{number}."),
    "escalated": Sentence(
        "🚨 {actor} escalated this ticket to {team}, to be acknowledged by {time}. {reason}"
    ),
    "escalation_asked": Sentence("🚨 {actor} asks you: {reason}\n\nPlease acknowledge by **{time}**."),
    "acknowledged": Sentence("👀 {actor} acknowledged this for {team}"),
    "taken_over": Sentence("➡️ {actor} took this ticket over for {team}"),
    "sent_back": Sentence("↩️ {actor} sent this back from {team}. {outcome}"),
    "escalation_silent": Sentence("⏰ {team} did not acknowledge in time; {next} is asked now."),
    "sla_warning": Sentence("⏳ {what} is due {time} ({policy})"),
    "sla_breach": Sentence("🔴 {what} is late: it was due {time} ({policy})"),
    "sla_warning_told": Sentence("⏳ **#{number}** {title}: {what} is due {time} ({policy})"),
    "sla_breach_told": Sentence("🔴 **#{number}** {title}: {what} is late, it was due {time} ({policy})"),
    "sla_asked_warning": Sentence("The {what} is due soon; please help."),
    "sla_asked_breach": Sentence("The {what} is late; please help."),
    "escalation_reminder": Sentence("⏰ {team} has not acknowledged this yet. Please do, by **{time}**."),
    "escalation_ended": Sentence("The ticket was {status} by {actor}."),
    "assigned_in_turn": Sentence("👉 This ticket is {agent}'s now: {why}"),
    "nobody_in_turn": Sentence(
        "🪑 Nobody of {team} can take this ticket: {away} away or off work, {full} with as many as they can "
        "have."
    ),
    "rule_fired": Sentence("⚙️ Rule **{rule}**:"),
    "rule_stopped": Sentence(
        "🛑 Rule **{rule}** would have run again because of what another rule did, so it was stopped. "
        "Two rules work against each other."
    ),
    "rule_worn_out": Sentence(
        "🛑 Rule **{rule}** has done something to this ticket so often that it goes round in circles; it is "
        "stopped here."
    ),
    "webhook_failed": Sentence("⚠️ The program **{hook}** could not be told of this: {reason}."),
    "rule_refused": Sentence("⚠️ Rule **{rule}** could not do everything: {reason}"),
    "rule_note": Sentence("📝 {text}"),
    "rule_reply": Sentence("{text}"),
    "rule_replied": Sentence("💬 The requester was told: {text}"),
    "given_to_you": Sentence("👉 **#{number}** {title} is yours now: {why}."),
    "notified": Sentence("🔔 Please look at **#{number}**: {title}. {why}"),
    "digest": Sentence("📊 The week of **{team}**, {start} – {end}\n\n{table}"),
    "person_added": Sentence("➕ {actor} added {person}"),
    "person_removed": Sentence("➖ {actor} removed {person}"),
    "added_to_ticket": Sentence("➕ {actor} added you to ticket **#{number}**: {title}."),
    "delivery_failed": Sentence("⚠️ A message of {author} did not reach {target}: {reason}."),
    "effect_failed": Sentence("⚠️ {what} did not reach {target}: {reason}."),
    "delivery_failed_customer": Sentence("⚠️ This could not be delivered: {reason}. The team has been told."),
    "installation_paused": Sentence(
        "⛔ Nothing can be sent to {platform} **{installation}** any more: {reason}. What is written waits. "
        "Whoever runs chatdesk has to look at its token."
    ),
    "installation_resumed": Sentence(
        "✅ {platform} **{installation}** can be reached again; what waited is being sent."
    ),
    "customer_thread_gone": Sentence(
        "⚠️ The thread of {requester} was deleted. What is written here does not reach them "
        "there."
    ),
    "catch_up_failed": Sentence("⚠️ The earlier messages of that thread could not be read: {reason}."),
    # To one person alone.
    "held_near_miss": Sentence(
        "✋ Your message looks like an internal note but does not begin with `note:` or 🔒, so it "
        "was not sent. Who is it for?"
    ),
    "held_near_reply": Sentence(
        "✋ Your message looks like an answer but does not begin with `reply:`, so it was not "
        "sent. Who is it for?"
    ),
    "held_edit": Sentence(
        "✋ Your edit makes this look like an internal note, but {requester} has read it already. "
        "The edit was not sent on."
    ),
    "held_collision": Sentence(
        "✋ {other} answered this ticket {minutes} minutes ago. Your message has not been sent yet."
    ),
    "held_which": Sentence("✋ You have several open tickets. Which one is this about?"),
    "not_sent_not_agent": Sentence(
        "🔒 Only agents' replies go to the requester, so your message stayed inside."
    ),
    "stayed_inside": Sentence(
        "🔒 Your message was not sent: it looks like an internal note, or only agents may answer. It stayed "
        "inside."
    ),
    "not_taken_in": Sentence(
        "🔚 This thread no longer belongs to #{number}; your message reached nobody. {team} has "
        "it now."
    ),
    "note_is_visible": Sentence(
        "⚠️ This thread is the requester's: they can read your note here. It was not sent "
        "anywhere else of theirs."
    ),
    "told_opened": Sentence("🎫 {actor} made ticket **#{number}** of your message: {title}."),
    "plain": Sentence("{text}"),
}  # fmt: skip
