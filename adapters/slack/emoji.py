"""Slack's emoji names and the Unicode characters they stand for.

The names are Slack's short names. The table holds the common ones whose name is not simply the character's
Unicode name; a name that follows that rule needs no row.
"""

import re
import unicodedata
from functools import cache

_TABLE = """
+1 👍 thumbsup 👍 -1 👎 thumbsdown 👎 100 💯 1234 🔢 8ball 🎱 a 🅰️ ab 🆎 abc 🔤 airplane ✈️ alarm_clock ⏰
alien 👽 ambulance 🚑 anchor ⚓ angel 👼 anger 💢 angry 😠 anguished 😧 apple 🍎 arrow_backward ◀️
arrow_double_down ⏬ arrow_double_up ⏫ arrow_down ⬇️ arrow_down_small 🔽 arrow_forward ▶️ arrow_left ⬅️
arrow_lower_left ↙️ arrow_lower_right ↘️ arrow_right ➡️ arrow_right_hook ↪️ arrow_up ⬆️
arrow_up_down ↕️ arrow_up_small 🔼 arrow_upper_left ↖️ arrow_upper_right ↗️ arrows_clockwise 🔃
arrows_counterclockwise 🔄 art 🎨 astonished 😲 atm 🏧 b 🅱️ baby 👶 back 🔙 ballot_box_with_check ☑️
bangbang ‼️ bank 🏦 bar_chart 📊 battery 🔋 beach_with_umbrella 🏖️ bear 🐻 bee 🐝 beer 🍺 beers 🍻
ladybug 🐞 lady_beetle 🐞 bell 🔔 bento 🍱 bike 🚲 bird 🐦 birthday 🎂 black_circle ⚫ black_heart 🖤
black_large_square ⬛ blossom 🌼 blue_book 📘 blue_car 🚙 blue_heart 💙 blush 😊 boat ⛵ bomb 💣 book 📖
bookmark 🔖 bookmark_tabs 📑 books 📚 boom 💥 collision 💥 bouquet 💐 bow 🙇 boy 👦 brain 🧠 bread 🍞
briefcase 💼 broken_heart 💔 bug 🐛 bulb 💡 bullettrain_side 🚄 bus 🚌 bust_in_silhouette 👤
busts_in_silhouette 👥 cactus 🌵 cake 🍰 calendar 📆 calling 📲 camel 🐫 camera 📷 camping 🏕️ candle 🕯️
candy 🍬 car 🚗 red_car 🚗 card_index 📇 card_index_dividers 🗂️ cat 🐱 cat2 🐈 cd 💿 chains ⛓️
champagne 🍾 chart 💹 chart_with_downwards_trend 📉 chart_with_upwards_trend 📈 checkered_flag 🏁
cherry_blossom 🌸 chicken 🐔 chocolate_bar 🍫 christmas_tree 🎄 cinema 🎦 city_sunset 🌆 clap 👏 clapper 🎬
classical_building 🏛️ clinking_glasses 🥂 clipboard 📋 closed_book 📕 closed_lock_with_key 🔐 cloud ☁️
cocktail 🍸 coffee ☕ coffin ⚰️ cold_face 🥶 cold_sweat 😰 compression 🗜️ computer 💻 confetti_ball 🎊
confounded 😖 confused 😕 congratulations ㊗️ construction 🚧 construction_worker 👷 control_knobs 🎛️
cookie 🍪 cool 🆒 cop 👮 copyright ©️ cow 🐮 credit_card 💳 crossed_fingers 🤞
hand_with_index_and_middle_fingers_crossed 🤞 crossed_swords ⚔️ crown 👑 cry 😢 crying_cat_face 😿
crystal_ball 🔮 cup_with_straw 🥤 cupid 💘 curly_loop ➰ cyclone 🌀 dancer 💃 dancers 👯 dart 🎯 dash 💨
date 📅 deciduous_tree 🌳 desktop_computer 🖥️ diamond_shape_with_a_dot_inside 💠 disappointed 😞
disappointed_relieved 😥 dizzy 💫 dizzy_face 😵 do_not_litter 🚯 dog 🐶 dog2 🐕 dollar 💵 dolphin 🐬
flipper 🐬 door 🚪 doughnut 🍩 dragon 🐉 drooling_face 🤤 droplet 💧 duck 🦆 dvd 📀 e-mail 📧 ear 👂
earth_africa 🌍 earth_americas 🌎 earth_asia 🌏 egg 🥚 electric_plug 🔌 elephant 🐘 email ✉️ envelope ✉️
end 🔚 envelope_with_arrow 📩 exclamation ❗ heavy_exclamation_mark ❗ exploding_head 🤯 expressionless 😑
eye 👁️ eyeglasses 👓 eyes 👀 face_palm 🤦 face_vomiting 🤮 face_with_cowboy_hat 🤠
face_with_head_bandage 🤕 face_with_monocle 🧐 face_with_raised_eyebrow 🤨 face_with_rolling_eyes 🙄
face_with_symbols_on_mouth 🤬 face_with_thermometer 🤒 facepunch 👊 punch 👊 factory 🏭 fallen_leaf 🍂
fast_forward ⏩ fax 📠 fearful 😨 file_cabinet 🗄️ file_folder 📁 film_frames 🎞️ fire 🔥 fire_engine 🚒
fireworks 🎆 first_place_medal 🥇 fish 🐟 fishing_pole_and_fish 🎣 fist ✊ flags 🎏 flashlight 🔦
floppy_disk 💾 flushed 😳 fog 🌫️ football 🏈 four_leaf_clover 🍀 fox_face 🦊 free 🆓 fried_egg 🍳
cooking 🍳 fries 🍟 frog 🐸 frowning 😦 fuelpump ⛽ full_moon 🌕 game_die 🎲 gear ⚙️ gem 💎 ghost 👻
gift 🎁 gift_heart 💝 girl 👧 globe_with_meridians 🌐 goat 🐐 golf ⛳ green_apple 🍏 green_book 📗
green_heart 💚 grey_exclamation ❕ grey_question ❔ grimacing 😬 grin 😁 grinning 😀 guitar 🎸 gun 🔫
haircut 💇 hamburger 🍔 hammer 🔨 hammer_and_pick ⚒️ hammer_and_wrench 🛠️ hamster 🐹 hand ✋
raised_hand ✋ handbag 👜 handshake 🤝 hash #️⃣ hatched_chick 🐥 hatching_chick 🐣 headphones 🎧
hear_no_evil 🙉 heart ❤️ heart_eyes 😍 heart_eyes_cat 😻 heartbeat 💓 heartpulse 💗 hearts ♥️
heavy_check_mark ✔️ heavy_division_sign ➗ heavy_dollar_sign 💲 heavy_minus_sign ➖
heavy_multiplication_x ✖️ heavy_plus_sign ➕ helicopter 🚁 herb 🌿 hibiscus 🌺 high_brightness 🔆 hocho 🔪
knife 🔪 hole 🕳️ honeybee 🐝 horse 🐴 hospital 🏥 hot_face 🥵 hot_pepper 🌶️ hotdog 🌭 hotel 🏨
hotsprings ♨️ hourglass ⌛ hourglass_flowing_sand ⏳ house 🏠 house_with_garden 🏡 hugging_face 🤗
hushed 😯 i_love_you_hand_sign 🤟 ice_cream 🍨 icecream 🍦 id 🆔 imp 👿 inbox_tray 📥 incoming_envelope 📨
information_desk_person 💁 information_source ℹ️ innocent 😇 interrobang ⁉️ iphone 📱 jack_o_lantern 🎃
japanese_goblin 👺 japanese_ogre 👹 jeans 👖 joy 😂 joy_cat 😹 joystick 🕹️ key 🔑 keyboard ⌨️
keycap_star *️⃣ kiss 💋 kissing 😗 kissing_closed_eyes 😚 kissing_heart 😘 kissing_smiling_eyes 😙
label 🏷️ large_blue_circle 🔵 large_blue_diamond 🔷 large_green_circle 🟢 large_green_square 🟩
large_orange_circle 🟠 large_orange_diamond 🔶 large_purple_circle 🟣 large_red_square 🟥
large_yellow_circle 🟡 large_yellow_square 🟨 latin_cross ✝️ laughing 😆 satisfied 😆 leaves 🍃 ledger 📒
left_right_arrow ↔️ leftwards_arrow_with_hook ↩️ lemon 🍋 lifter 🏋️ lightning 🌩️ link 🔗 lips 👄
lipstick 💄 lock 🔒 lock_with_ink_pen 🔏 lollipop 🍭 loop ➿ loud_sound 🔊 loudspeaker 📢 love_letter 💌
low_brightness 🔅 lower_left_ballpoint_pen 🖊️ lower_left_crayon 🖍️ lower_left_fountain_pen 🖋️
lower_left_paintbrush 🖌️ lying_face 🤥 m Ⓜ️ mag 🔍 mag_right 🔎 magnet 🧲 mailbox 📫 man 👨
mantelpiece_clock 🕰️ mask 😷 mechanical_arm 🦾 medal 🎖️ mega 📣 memo 📝 pencil 📝 the_horns 🤘
microphone 🎤 microscope 🔬 middle_finger 🖕 milky_way 🌌 minidisc 💽 mobile_phone_off 📴
money_mouth_face 🤑 money_with_wings 💸 moneybag 💰 monkey 🐒 monkey_face 🐵 moon 🌔 mortar_board 🎓
mountain ⛰️ mouse 🐭 movie_camera 🎥 moyai 🗿 muscle 💪 mushroom 🍄 musical_note 🎵 mute 🔇 nail_care 💅
name_badge 📛 nauseated_face 🤢 necktie 👔 negative_squared_cross_mark ❎ nerd_face 🤓 neutral_face 😐
new 🆕 newspaper 📰 ng 🆖 no_bell 🔕 no_entry ⛔ no_entry_sign 🚫 no_good 🙅 no_mouth 😶 nose 👃 notebook 📓
notes 🎶 nut_and_bolt 🔩 o ⭕ o2 🅾️ ocean 🌊 octopus 🐙 office 🏢 oil_drum 🛢️ ok 🆗 ok_hand 👌 ok_woman 🙆
older_man 👴 older_woman 👵 on 🔛 oncoming_automobile 🚘 open_file_folder 📂 open_hands 👐 open_mouth 😮
orange_book 📙 orange_heart 🧡 outbox_tray 📤 owl 🦉 package 📦 page_facing_up 📄 page_with_curl 📃 pager 📟
palm_tree 🌴 palms_up_together 🤲 panda_face 🐼 paperclip 📎 parking 🅿️ part_alternation_mark 〽️
partly_sunny ⛅ partying_face 🥳 passport_control 🛂 pencil2 ✏️ penguin 🐧 pensive 😔 performing_arts 🎭
persevere 😣 phone ☎️ telephone ☎️ pick ⛏️ pig 🐷 pill 💊 pizza 🍕 pleading_face 🥺 point_down 👇
point_left 👈 point_right 👉 point_up ☝️ point_up_2 👆 police_car 🚓 poodle 🐩 poop 💩 hankey 💩 shit 💩
postbox 📮 pound 💷 pouting_cat 😾 pray 🙏 princess 👸 printer 🖨️ purple_heart 💜 purse 👛 pushpin 📌
question ❓ rabbit 🐰 racehorse 🐎 radio 📻 radio_button 🔘 rage 😡 railway_car 🚃 rainbow 🌈
raised_back_of_hand 🤚 raised_hands 🙌 raising_hand 🙋 ramen 🍜 rat 🐀 recycle ♻️ red_circle 🔴
registered ®️ relaxed ☺️ relieved 😌 reminder_ribbon 🎗️ repeat 🔁 repeat_one 🔂 restroom 🚻 rewind ⏪
ribbon 🎀 rice 🍚 ring 💍 robot_face 🤖 rocket 🚀 rolled_up_newspaper 🗞️ rolling_on_the_floor_laughing 🤣
rose 🌹 rotating_light 🚨 round_pushpin 📍 rugby_football 🏉 runner 🏃 running 🏃 sa 🈂️ sake 🍶 sandal 👡
santa 🎅 satellite 🛰️ satellite_antenna 📡 saxophone 🎷 scales ⚖️ school 🏫 school_satchel 🎒 scissors ✂️
scorpion 🦂 scream 😱 scream_cat 🙀 scroll 📜 second_place_medal 🥈 secret ㊙️ see_no_evil 🙈 seedling 🌱
shamrock ☘️ shark 🦈 sheep 🐑 shell 🐚 shield 🛡️ ship 🚢 shirt 👕 tshirt 👕 shopping_bags 🛍️
shopping_trolley 🛒 shower 🚿 shrug 🤷 shushing_face 🤫 sign_of_the_horns 🤘 six_pointed_star 🔯 ski 🎿
skull 💀 skull_and_crossbones ☠️ sleeping 😴 sleepy 😪 slightly_frowning_face 🙁 slightly_smiling_face 🙂
slot_machine 🎰 small_blue_diamond 🔹 small_orange_diamond 🔸 small_red_triangle 🔺
small_red_triangle_down 🔻 smile 😄 smile_cat 😸 smiley 😃 smiley_cat 😺 smiling_face_with_3_hearts 🥰
smiling_imp 😈 smirk 😏 smoking 🚬 snail 🐌 snake 🐍 sneezing_face 🤧 snowflake ❄️ snowman ☃️
snowman_without_snow ⛄ sob 😭 soccer ⚽ soon 🔜 sos 🆘 sound 🔉 space_invader 👾 spades ♠️ spaghetti 🍝
sparkle ❇️ sparkler 🎇 sparkles ✨ sparkling_heart 💖 speak_no_evil 🙊 speaker 🔈
speaking_head_in_silhouette 🗣️ speech_balloon 💬 speedboat 🚤 spider 🕷️ spider_web 🕸️
spiral_calendar_pad 🗓️ spiral_note_pad 🗒️ sports_medal 🏅 squid 🦑 star ⭐ star-struck 🤩 star2 🌟
stars 🌠 steam_locomotive 🚂 stew 🍲 stopwatch ⏱️ straight_ruler 📏 strawberry 🍓 stuck_out_tongue 😛
stuck_out_tongue_closed_eyes 😝 stuck_out_tongue_winking_eye 😜 studio_microphone 🎙️ sun_with_face 🌞
sunflower 🌻 sunglasses 😎 sunny ☀️ sunrise 🌅 surfer 🏄 sushi 🍣 sweat 😓 sweat_drops 💦 sweat_smile 😅
sweet_potato 🍠 syringe 💉 table_tennis_paddle_and_ball 🏓 taco 🌮 tada 🎉 taxi 🚕 tea 🍵
telephone_receiver 📞 tennis 🎾 tent ⛺ test_tube 🧪 thermometer 🌡️ thinking_face 🤔 third_place_medal 🥉
thought_balloon 💭 three_button_mouse 🖱️ thunder_cloud_and_rain ⛈️ ticket 🎫 tiger 🐯 timer_clock ⏲️
tired_face 😫 tm ™️ toilet 🚽 tomato 🍅 tongue 👅 toolbox 🧰 tooth 🦷 top 🔝 tophat 🎩 tornado 🌪️
trackball 🖲️ tractor 🚜 traffic_light 🚥 train 🚋 train2 🚆 triangular_flag_on_post 🚩 triangular_ruler 📐
trident 🔱 triumph 😤 trophy 🏆 tropical_fish 🐠 truck 🚚 trumpet 🎺 tulip 🌷 turtle 🐢 tv 📺 two_hearts 💕
u7121 🈚 umbrella ☂️ umbrella_with_rain_drops ☔ unamused 😒 unicorn_face 🦄 unlock 🔓 up 🆙
upside_down_face 🙃 v ✌️ vertical_traffic_light 🚦 vhs 📼 vibration_mode 📳 video_camera 📹 video_game 🎮
violin 🎻 volcano 🌋 vs 🆚 walking 🚶 warning ⚠️ wastebasket 🗑️ watch ⌚ watermelon 🍉 wave 👋
waving_black_flag 🏴 waving_white_flag 🏳️ weary 😩 wedding 💒 whale 🐳 whale2 🐋 wheelchair ♿
white_check_mark ✅ white_circle ⚪ white_flower 💮 white_frowning_face ☹️ white_heart 🤍
white_large_square ⬜ wind_chime 🎐 wine_glass 🍷 wink 😉 wolf 🐺 woman 👩 world_map 🗺️ worried 😟
wrench 🔧 writing_hand ✍️ x ❌ yawning_face 🥱 yellow_heart 💛 yen 💴 yum 😋 zany_face 🤪 zap ⚡ zero 0️⃣
one 1️⃣ two 2️⃣ three 3️⃣ four 4️⃣ five 5️⃣ six 6️⃣ seven 7️⃣ eight 8️⃣ nine 9️⃣ keycap_ten 🔟
zipper_mouth_face 🤐 zzz 💤 people_holding_hands 🧑‍🤝‍🧑 rainbow-flag 🏳️‍🌈 pirate_flag 🏴‍☠️
service_dog 🐕‍🦺 eye-in-speech-bubble 👁️‍🗨️ heart_on_fire ❤️‍🔥 man-shrugging 🤷‍♂️
woman-shrugging 🤷‍♀️ man-facepalming 🤦‍♂️ woman-facepalming 🤦‍♀️ male-technologist 👨‍💻
female-technologist 👩‍💻 technologist 🧑‍💻 us 🇺🇸 gb 🇬🇧 uk 🇬🇧 de 🇩🇪 fr 🇫🇷 es 🇪🇸 it 🇮🇹 jp 🇯🇵 kr 🇰🇷 cn 🇨🇳
ru 🇷🇺
"""

_NAMED = re.compile(r":([a-z0-9_+'-]{1,80}):")
_TONED = re.compile(r":skin-tone-([2-6]):")
_FIRST_TONE = 0x1F3FB
_REGIONAL_A = 0x1F1E6
_PICTURES = range(0x1F300, 0x1FB00)
_RULE_NAMED = range(0x1FA70, 0x1FB00)


def unicode_of(name: str) -> str | None:
    """The character of a Slack emoji name such as `eyes` or `wave::skin-tone-2`; None for a custom emoji."""
    plain, _, tone = name.strip(":").partition("::")
    char = _characters().get(plain) or _flag(plain) or _by_unicode_name(plain)
    found = _TONED.fullmatch(f":{tone}:")
    if char is None or not found:
        return char
    return char[0] + chr(_FIRST_TONE + int(found[1]) - 2) + char[1:].removeprefix("\ufe0f")


def name_of(char: str) -> str | None:
    """Slack's name of a Unicode emoji, as `reactions.add` takes it; None if Slack has none that we know."""
    tones = [mark for mark in char if _FIRST_TONE <= ord(mark) < _FIRST_TONE + 5]
    bare = "".join(mark for mark in char if mark not in tones and mark != "\ufe0f")
    name = _names().get(bare) or _flag_name(bare) or _rule_name(bare)
    if name is None or not tones:
        return name
    return f"{name}::skin-tone-{ord(tones[0]) - _FIRST_TONE + 2}"


def with_unicode(text: str) -> str:
    """The text with every known `:name:` as its character; others stay as they are."""
    out: list[str] = []
    place = 0
    while found := _NAMED.search(text, place):
        toned = _TONED.match(text, found.end())
        char = unicode_of(f"{found[1]}:{toned.group().rstrip(':')}" if toned else found[1])
        end = (toned or found).end() if char else found.end() - 1
        out.append(text[place : found.start()])
        out.append(char or text[found.start() : end])
        place = end
    return "".join((*out, text[place:]))


@cache
def _characters() -> dict[str, str]:
    words = _TABLE.split()
    return dict(zip(words[::2], words[1::2], strict=True))


@cache
def _names() -> dict[str, str]:
    names: dict[str, str] = {}
    for name, char in _characters().items():
        names.setdefault(char.replace("\ufe0f", ""), name)
    return names


def _flag(name: str) -> str | None:
    code = name.removeprefix("flag-")
    if code == name or not re.fullmatch("[a-z]{2}", code):
        return None
    return "".join(chr(_REGIONAL_A + ord(letter) - ord("a")) for letter in code)


def _flag_name(char: str) -> str | None:
    letters = [ord(mark) - _REGIONAL_A for mark in char]
    if len(letters) != 2 or not all(0 <= letter < 26 for letter in letters):
        return None
    return "flag-" + "".join(chr(ord("a") + letter) for letter in letters)


def _by_unicode_name(name: str) -> str | None:
    try:
        char = unicodedata.lookup(name.replace("_", " ").upper())
    except (KeyError, UnicodeEncodeError):  # no name of anything, or no text
        return None
    return char if len(char) == 1 and ord(char) in _PICTURES else None


def _rule_name(char: str) -> str | None:
    if len(char) != 1 or ord(char) not in _RULE_NAMED:
        return None
    return unicodedata.name(char, "").lower().replace(" ", "_").replace("-", "_") or None
