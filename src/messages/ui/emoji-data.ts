// A table, hence its length: one emoji a line, with its Unicode name and a few words that people look for.
const table = [
  {
    name: 'Smileys',
    list: `
😀 grinning face smile happy
😃 smiling open mouth
😄 smiling open mouth and smiling eyes
😁 grinning smiling eyes
😆 smiling open mouth and tightly-closed eyes
😅 smiling open mouth and cold sweat phew
🤣 rolling on the floor laughing
😂 tears of joy lol laugh
🙂 slightly smiling face smile
🙃 upside-down face
🫠 melting face
😉 winking face
😊 smiling smiling eyes
😇 smiling halo
🥰 smiling smiling eyes and three hearts
😍 smiling heart-shaped eyes
🤩 grinning star eyes
😘 face throwing a kiss
😗 kissing face
☺️ smiling face
😚 kissing closed eyes
😙 kissing smiling eyes
🥲 smiling tear
😋 face savouring delicious food
😛 stuck-out tongue
😜 stuck-out tongue and winking eye
🤪 grinning one large and one small eye
😝 stuck-out tongue and tightly-closed eyes
🤑 money-mouth face
🤗 hugging face
🤭 smiling smiling eyes and hand covering mouth
🫢 open eyes and hand over mouth
🫣 peeking eye
🤫 finger covering closed lips
🤔 thinking face hmm think
🫡 saluting face salute yes
🤐 zipper-mouth face
🤨 one eyebrow raised
😐 neutral face
😑 expressionless face
😶 face without mouth
🫥 dotted line face
😏 smirking face
😒 unamused face
🙄 rolling eyes
😬 grimacing face
🤥 lying face
😌 relieved face
😔 pensive face
😪 sleepy face
🤤 drooling face
😴 sleeping face
😷 medical mask
🤒 thermometer
🤕 head-bandage
🤢 nauseated face
🤮 open mouth vomiting
🤧 sneezing face
🥵 overheated face
🥶 freezing face
🥴 uneven eyes and wavy mouth
😵 dizzy face
🤯 shocked exploding head
🤠 cowboy hat
🥳 party horn and party hat party
🥸 disguised face
😎 smiling sunglasses
🤓 nerd face
🧐 monocle
😕 confused face
🫤 diagonal mouth
😟 worried face
🙁 slightly frowning face
☹️ frowning face
😮 open mouth
😯 hushed face
😲 astonished face
😳 flushed face
🥺 pleading eyes
🥹 face holding back tears
😦 frowning open mouth
😧 anguished face
😨 fearful face
😰 open mouth and cold sweat
😥 disappointed but relieved face
😢 crying face
😭 loudly crying face cry sob
😱 face screaming in fear
😖 confounded face
😣 persevering face
😞 disappointed face
😓 cold sweat
😩 weary face
😫 tired face
🥱 yawning face
😤 look of triumph
😡 pouting face
😠 angry face
🤬 serious symbols covering mouth
😈 smiling horns
👿 imp
💀 skull
☠️ skull and crossbones
💩 pile of poo
🤡 clown face
👹 japanese ogre
👺 japanese goblin
👻 ghost
👽 extraterrestrial alien
👾 alien monster
🤖 robot face
😺 smiling cat open mouth
😸 grinning cat smiling eyes
😹 cat tears of joy
😻 smiling cat heart-shaped eyes
😼 cat wry smile
😽 kissing cat closed eyes
🙀 weary cat face
😿 crying cat face
😾 pouting cat face
🙈 see-no-evil monkey
🙉 hear-no-evil monkey
🙊 speak-no-evil monkey
💌 love letter
💘 heart with arrow
💝 heart with ribbon
💖 sparkling heart
💗 growing heart
💓 beating heart
💞 revolving hearts
💕 two hearts
💟 heart decoration
❣️ heavy heart exclamation mark ornament
💔 broken heart
❤️ heavy heart love
🩷 pink heart
🧡 orange heart
💛 yellow heart
💚 green heart
💙 blue heart
🩵 light blue heart
💜 purple heart
🤎 brown heart
🖤 heart
🩶 grey heart
🤍 heart
💋 kiss mark
💯 hundred points symbol hundred
💢 anger symbol
💥 collision symbol
💫 dizzy symbol
💦 splashing sweat symbol
💨 dash symbol
🕳️ hole
💬 speech balloon
💭 thought balloon
💤 sleeping symbol
`,
  },
  {
    name: 'People',
    list: `
👋 waving hand
🤚 raised back of hand
🖐️ raised hand with fingers splayed
✋ raised hand
🖖 raised hand with part between middle and ring fingers
🫱 rightwards hand
🫲 leftwards hand
👌 ok hand
🤌 pinched fingers
🤏 pinching hand
✌️ victory hand
🤞 hand with index and middle fingers crossed
🫰 hand with index finger and thumb crossed
🤟 i love you hand
🤘 sign of the horns
🤙 call me hand
👈 left pointing backhand index
👉 right pointing backhand index
👆 up pointing backhand index
🖕 reversed hand with middle finger extended
👇 down pointing backhand index
☝️ up pointing index
🫵 index pointing at the viewer
👍 thumbs up +1 yes agree ok
👎 thumbs down -1 no
✊ raised fist
👊 fisted hand
🤛 left-facing fist
🤜 right-facing fist
👏 clapping hands clap bravo
🙌 person raising both hands in celebration
🫶 heart hands
👐 open hands
🤲 palms up together
🤝 handshake
🙏 person with folded hands thanks please
✍️ writing hand
💅 nail polish
🤳 selfie
💪 flexed biceps
🦾 mechanical arm
👂 ear
👃 nose
🧠 brain
👀 eyes look seen
👁️ eye
👅 tongue
👄 mouth
👶 baby
🧒 child
👦 boy
👧 girl
🧑 adult
👱 person with blond hair
👨 man
🧔 bearded person
👩 woman
🧓 older adult
👴 older man
👵 older woman
🙍 person frowning
🙎 person with pouting face
🙅 no good gesture
🙆 ok gesture
💁 information desk person
🙋 happy person raising one hand
🧏 deaf person
🙇 person bowing deeply
🤦 face palm facepalm
🤷 shrug dunno
👮 police officer
🕵️ sleuth or spy
💂 guardsman
🥷 ninja
👷 construction worker
🤴 prince
👸 princess
🧙 mage
🧚 fairy
🧛 vampire
🧜 merperson
🧞 genie
🧟 zombie
💆 face massage
💇 haircut
🚶 pedestrian
🧍 standing person
🧎 kneeling person
🏃 runner
💃 dancer
🕺 man dancing
🧖 person in steamy room
🧗 person climbing
🏇 horse racing
⛷️ skier
🏂 snowboarder
🏄 surfer
🚣 rowboat
🏊 swimmer
🚴 bicyclist
🧘 person in lotus position
👣 footprints
`,
  },
  {
    name: 'Nature',
    list: `
🐵 monkey face
🐒 monkey
🦍 gorilla
🐶 dog face
🐕 dog
🐩 poodle
🐺 wolf face
🦊 fox face
🦝 raccoon
🐱 cat face
🐈 cat
🦁 lion face
🐯 tiger face
🐴 horse face
🦄 unicorn face
🦓 zebra face
🦌 deer
🐮 cow face
🐷 pig face
🐗 boar
🐭 mouse face
🐹 hamster face
🐰 rabbit face
🐿️ chipmunk
🦔 hedgehog
🦇 bat
🐻 bear face
🐨 koala
🐼 panda face
🦥 sloth
🦦 otter
🦨 skunk
🦘 kangaroo
🐔 chicken
🐣 hatching chick
🐤 baby chick
🐥 front-facing baby chick
🐦 bird
🐧 penguin
🕊️ dove of peace
🦅 eagle
🦆 duck
🦢 swan
🦉 owl
🦩 flamingo
🦜 parrot
🐸 frog face
🐊 crocodile
🐢 turtle
🦎 lizard
🐍 snake
🐲 dragon face
🐉 dragon
🦕 sauropod
🦖 t-rex
🐳 spouting whale whale
🐋 whale whale
🐬 dolphin
🦭 seal
🐟 fish
🐠 tropical fish
🐡 blowfish
🦈 shark
🐙 octopus
🐚 spiral shell
🪸 coral
🦀 crab
🦞 lobster
🦐 shrimp
🦑 squid
🐌 snail
🦋 butterfly
🐛 bug bug
🐜 ant
🐝 honeybee
🪲 beetle
🐞 lady beetle
🦗 cricket
🕷️ spider
🦂 scorpion
💐 bouquet
🌸 cherry blossom
🌹 rose
🥀 wilted flower
🌺 hibiscus
🌻 sunflower
🌼 blossom
🌷 tulip
🌱 seedling
🪴 potted plant
🌲 evergreen tree
🌳 deciduous tree
🌴 palm tree
🌵 cactus
🌾 ear of rice
🌿 herb
☘️ shamrock
🍀 four leaf clover
🍁 maple leaf
🍂 fallen leaf
🍃 leaf fluttering in wind
🍄 mushroom
🌍 earth globe europe-africa
🌎 earth globe americas
🌏 earth globe asia-australia
🌑 new moon symbol
🌒 waxing crescent moon symbol
🌓 first quarter moon symbol
🌔 waxing gibbous moon symbol
🌕 full moon symbol
🌖 waning gibbous moon symbol
🌗 last quarter moon symbol
🌘 waning crescent moon symbol
🌙 crescent moon
🌚 new moon with face
🌛 first quarter moon with face
🌜 last quarter moon with face
☀️ sun with rays
🌝 full moon with face
🌞 sun with face
⭐ medium star
🌟 glowing star
🌠 shooting star
☁️ cloud
⛅ sun behind cloud
⛈️ thunder cloud and rain
🌤️ sun with small cloud
🌥️ sun behind cloud
🌦️ sun behind cloud with rain
🌧️ cloud with rain
🌨️ cloud with snow
🌩️ cloud with lightning
🌪️ cloud with tornado
🌫️ fog
🌬️ wind blowing face
🌈 rainbow
☂️ umbrella
☔ umbrella with rain drops
⚡ high voltage
❄️ snowflake
☃️ snowman
⛄ snowman without snow
☄️ comet
🔥 fire hot lit
💧 droplet
🌊 water wave sea
`,
  },
  {
    name: 'Food',
    list: `
🍇 grapes
🍈 melon
🍉 watermelon
🍊 tangerine
🍋 lemon
🍌 banana
🍍 pineapple
🥭 mango
🍎 red apple
🍏 green apple
🍐 pear
🍑 peach
🍒 cherries
🍓 strawberry
🫐 blueberries
🥝 kiwifruit
🍅 tomato
🫒 olive
🥥 coconut
🥑 avocado
🍆 aubergine
🥔 potato
🥕 carrot
🌽 ear of maize
🌶️ hot pepper
🥒 cucumber
🥬 leafy green
🥦 broccoli
🧄 garlic
🧅 onion
🥜 peanuts
🍞 bread
🥐 croissant
🥖 baguette bread
🥨 pretzel
🥯 bagel
🥞 pancakes
🧇 waffle
🧀 cheese wedge
🍖 meat on bone
🍗 poultry leg
🥩 cut of meat
🥓 bacon
🍔 hamburger
🍟 french fries
🍕 slice of pizza
🌭 hot dog
🥪 sandwich
🌮 taco
🌯 burrito
🥙 stuffed flatbread
🥚 egg
🍳 cooking
🥘 shallow pan of food
🍲 pot of food
🥣 bowl with spoon
🥗 green salad
🍿 popcorn
🧂 salt shaker
🍱 bento box
🍙 rice ball
🍚 cooked rice
🍛 curry and rice
🍜 steaming bowl
🍝 spaghetti
🍣 sushi
🍤 fried shrimp
🥟 dumpling
🦪 oyster
🍦 soft ice cream
🍧 shaved ice
🍨 ice cream
🍩 doughnut
🍪 cookie
🎂 birthday cake birthday
🍰 shortcake
🧁 cupcake
🥧 pie
🍫 chocolate bar
🍬 candy
🍭 lollipop
🍯 honey pot
🍼 baby bottle
🥛 glass of milk
☕ hot beverage coffee
🫖 teapot
🍵 teacup without handle
🍶 sake bottle and cup
🍾 bottle with popping cork
🍷 wine glass
🍸 cocktail glass
🍹 tropical drink
🍺 beer mug beer
🍻 clinking beer mugs
🥂 clinking glasses
🥃 tumbler glass
🥤 cup with straw
🧋 bubble tea
🧃 beverage box
🧊 ice cube
🍽️ fork and knife with plate
🍴 fork and knife
🥄 spoon
`,
  },
  {
    name: 'Activities',
    list: `
🎃 jack-o-lantern
🎄 christmas tree
🎆 fireworks
🎇 firework sparkler
🧨 firecracker
✨ sparkles sparkle new
🎈 balloon
🎉 party popper party tada celebrate
🎊 confetti ball
🎋 tanabata tree
🎍 pine decoration
🎀 ribbon
🎁 wrapped present
🎗️ reminder ribbon
🎟️ admission tickets
🎫 ticket
🎖️ military medal
🏆 trophy
🏅 sports medal
🥇 first place medal
🥈 second place medal
🥉 third place medal
⚽ soccer ball
⚾ baseball
🏀 basketball and hoop
🏐 volleyball
🏈 american football
🏉 rugby football
🎾 tennis racquet and ball
🎳 bowling
🏏 cricket bat and ball
🏑 field hockey stick and ball
🏒 ice hockey stick and puck
🏓 table tennis paddle and ball
🏸 badminton racquet and shuttlecock
🥊 boxing glove
🥋 martial arts uniform
🥅 goal net
⛳ flag in hole
⛸️ ice skate
🎣 fishing pole and fish
🤿 diving mask
🎽 running shirt with sash
🎿 ski and ski boot
🛷 sled
🎯 direct hit
🪀 yo-yo
🪁 kite
🎱 billiards
🔮 crystal ball
🪄 magic wand
🎮 video game
🎰 slot machine
🎲 game die
🧩 jigsaw puzzle piece
🧸 teddy bear
♠️ spade suit
♥️ heart suit
♦️ diamond suit
♣️ club suit
♟️ chess pawn
🃏 playing card joker
🎭 performing arts
🎨 artist palette
🧵 spool of thread
🧶 ball of yarn
🎼 musical score
🎵 musical note
🎶 multiple musical notes
🎤 microphone
🎧 headphone
🎷 saxophone
🎸 guitar
🎹 musical keyboard
🎺 trumpet
🎻 violin
🥁 drum with drumsticks
`,
  },
  {
    name: 'Travel',
    list: `
🧭 compass
🏔️ snow capped mountain
⛰️ mountain
🌋 volcano
🏕️ camping
🏖️ beach with umbrella
🏜️ desert
🏝️ desert island
🏟️ stadium
🏛️ classical building
🏗️ building construction
🧱 brick
🏠 house building
🏡 house with garden
🏢 office building
🏥 hospital
🏦 bank
🏨 hotel
🏪 convenience store
🏫 school
🏭 factory
🏯 japanese castle
🏰 european castle
🗼 tokyo tower
🗽 statue of liberty
⛪ church
🕌 mosque
⛲ fountain
⛺ tent
🌁 foggy
🌃 night with stars
🌄 sunrise over mountains
🌅 sunrise
🌆 cityscape at dusk
🌇 sunset over buildings
🌉 bridge at night
🎠 carousel horse
🎡 ferris wheel
🎢 roller coaster
🎪 circus tent
🚂 steam locomotive
🚄 high-speed train
🚆 train
🚇 metro
🚉 station
🚌 bus
🚑 ambulance
🚒 fire engine
🚓 police car
🚕 taxi
🚗 automobile
🚙 recreational vehicle
🛻 pickup truck
🚚 delivery truck
🚜 tractor
🏍️ racing motorcycle
🛵 motor scooter
🚲 bicycle
🛴 scooter
🚏 bus stop
🚨 police cars revolving light
🚥 horizontal traffic light
🚦 vertical traffic light
🛑 octagonal
🚧 construction
⚓ anchor
🛟 ring buoy
⛵ sailboat sail
🛶 canoe
🚤 speedboat
🛳️ passenger ship
⛴️ ferry
🚢 ship
✈️ airplane
🛩️ small airplane
🛫 airplane departure
🛬 airplane arriving
🪂 parachute
🚁 helicopter
🚠 mountain cableway
🚀 rocket ship launch
🛸 flying saucer
⏳ hourglass with flowing sand
⌛ hourglass
⌚ watch
⏰ alarm clock
⏱️ stopwatch
⏲️ timer clock
🕰️ mantelpiece clock
`,
  },
  {
    name: 'Objects',
    list: `
👓 eyeglasses
🕶️ dark sunglasses
🥽 goggles
🥼 lab coat
🦺 safety vest
👔 necktie
👕 t-shirt
👖 jeans
🧣 scarf
🧤 gloves
🧥 coat
🧦 socks
👗 dress
👙 bikini
👜 handbag
🎒 school satchel
👟 athletic shoe
🥾 hiking boot
👠 high-heeled shoe
👑 crown
🎩 top hat
🎓 graduation cap
🧢 billed cap
⛑️ helmet with cross
💄 lipstick
💍 ring
💎 gem stone
🔇 speaker with cancellation stroke
🔈 speaker
🔉 speaker with one sound wave
🔊 speaker with three sound waves
📢 public address loudspeaker
📣 cheering megaphone
📯 postal horn
🔔 bell
🔕 bell with cancellation stroke
📻 radio
📱 mobile phone
☎️ telephone
📞 telephone receiver
🔋 battery
🪫 low battery
🔌 electric plug
💻 personal computer
🖥️ desktop computer
🖨️ printer
⌨️ keyboard
🖱️ three button mouse
💾 floppy disk
💿 optical disc
🧮 abacus
🎥 movie camera
🎬 clapper board
📺 television
📷 camera
📸 camera with flash
📹 video camera
🔍 left-pointing magnifying glass
🔎 right-pointing magnifying glass
🕯️ candle
💡 electric light bulb idea
🔦 electric torch
🏮 izakaya lantern
📔 notebook with decorative cover
📕 closed book
📖 open book
📗 green book
📘 blue book
📙 orange book
📚 books
📓 notebook
📒 ledger
📃 page with curl
📜 scroll
📄 page facing up
📰 newspaper
📑 bookmark tabs
🔖 bookmark
🏷️ label
💰 money bag
🪙 coin
💳 credit card
🧾 receipt
📧 e-mail symbol
📨 incoming envelope
📩 envelope with downwards arrow above
📤 outbox tray
📥 inbox tray
📦 package
📫 closed mailbox with raised flag
📮 postbox
🗳️ ballot box with ballot
✏️ pencil
✒️ nib
🖊️ lower left ballpoint pen
🖌️ lower left paintbrush
📝 memo
💼 briefcase
📁 file folder
📂 open file folder
📅 calendar
📆 tear-off calendar
🗓️ spiral calendar pad
📇 card index
📈 chart with upwards trend
📉 chart with downwards trend
📊 bar chart
📋 clipboard
📌 pushpin
📍 round pushpin
📎 paperclip
🖇️ linked paperclips
📏 straight ruler
📐 triangular ruler
✂️ scissors
🗃️ card file box
🗄️ file cabinet
🗑️ wastebasket
🔒 lock
🔓 open lock
🔑 key
🗝️ old key
🔨 hammer
🪓 axe
⛏️ pick
⚒️ hammer and pick
🛠️ hammer and wrench
🗡️ dagger knife
💣 bomb
🏹 bow and arrow
🛡️ shield
🪚 carpentry saw
🔧 wrench fix
🪛 screwdriver
🔩 nut and bolt
⚙️ gear
⚖️ scales
🔗 link symbol
🧰 toolbox
🧲 magnet
🧪 test tube
🧫 petri dish
🧬 dna double helix
🔬 microscope
🔭 telescope
📡 satellite antenna
💉 syringe
🩹 adhesive bandage
🩺 stethoscope
🚪 door
🪑 chair
🚽 toilet
🚿 shower
🛁 bathtub
🧹 broom
🧺 basket
🧻 roll of paper
🪣 bucket
🧼 bar of soap
🧽 sponge
🧯 fire extinguisher
🛒 shopping trolley
🪧 placard
`,
  },
  {
    name: 'Symbols',
    list: `
⚠️ warning warning
🚸 children crossing
⛔ no entry
🚫 no entry
🚳 no bicycles
🚭 no smoking symbol
📵 no mobile phones
☢️ radioactive
☣️ biohazard
⬆️ upwards arrow
↗️ north east arrow
➡️ rightwards arrow
↘️ south east arrow
⬇️ downwards arrow
↙️ south west arrow
⬅️ leftwards arrow
↖️ north west arrow
↕️ up down arrow
↔️ left right arrow
↩️ leftwards arrow with hook
↪️ rightwards arrow with hook
🔃 clockwise downwards and upwards open circle arrows
🔄 anticlockwise downwards and upwards open circle arrows
🔙 back with leftwards arrow above
🔚 end with leftwards arrow above
🔛 on with exclamation mark with left right arrow above
🔜 soon with rightwards arrow above
🔝 top with upwards arrow above
✡️ star of david
☸️ wheel of dharma
☯️ yin yang
✝️ latin cross
☪️ star and crescent
☮️ peace symbol
♈ aries
♉ taurus
♊ gemini
♋ cancer
♌ leo
♍ virgo
♎ libra
♏ scorpius
♐ sagittarius
♑ capricorn
♒ aquarius
♓ pisces
🔀 twisted rightwards arrows
🔁 clockwise rightwards and leftwards open circle arrows
🔂 clockwise rightwards and leftwards open circle arrows with circled one overlay
▶️ right-pointing triangle
⏩ right-pointing double triangle
⏯️ right-pointing triangle with double vertical bar
◀️ left-pointing triangle
⏪ left-pointing double triangle
🔼 up-pointing small red triangle
⏫ up-pointing double triangle
🔽 down-pointing small red triangle
⏬ down-pointing double triangle
⏸️ double vertical bar
⏹️ square for stop
⏺️ circle for record
🔅 low brightness symbol
🔆 high brightness symbol
📶 antenna with bars
♀️ female
♂️ male
✖️ heavy multiplication x
➕ heavy plus
➖ heavy minus
➗ heavy division
♾️ permanent paper
‼️ double exclamation mark
⁉️ exclamation question mark
❓ question mark ornament question
❔ question mark ornament
❕ exclamation mark ornament
❗ heavy exclamation mark symbol important
♻️ universal recycling symbol
🔱 trident emblem
⭕ heavy large circle
✅ heavy check mark done check ok
☑️ ballot box with check
✔️ heavy check mark
❌ cross mark no cross
❎ negative squared cross mark
➰ curly loop
✳️ eight spoked asterisk
✴️ eight pointed star
❇️ sparkle
©️ copyright
®️ registered
™️ trade mark
🔠 input symbol for latin capital letters
🔡 input symbol for latin small letters
🔢 input symbol for numbers
🔣 input symbol for symbols
🔤 input symbol for latin letters
🆎 negative squared ab
🆑 squared cl
🆒 squared cool
🆓 squared free
ℹ️ information source
🆔 squared id
🆕 squared new
🆖 squared ng
🆗 squared ok
🆘 squared sos
🆙 squared up with exclamation mark
🔴 large red circle
🟠 large orange circle
🟡 large yellow circle
🟢 large green circle
🔵 large blue circle
🟣 large purple circle
🟤 large brown circle
⚫ medium circle
⚪ medium circle
🟥 large red square
🟧 large orange square
🟨 large yellow square
🟩 large green square
🟦 large blue square
🟪 large purple square
🟫 large brown square
⬛ large square
⬜ large square
🔶 large orange diamond
🔷 large blue diamond
🔸 small orange diamond
🔹 small blue diamond
🔺 up-pointing red triangle
🔻 down-pointing red triangle
💠 diamond shape with a dot inside
🔘 radio button
🔳 square button
🔲 square button
🏁 chequered flag
🚩 triangular flag on post
🎌 crossed flags
🏴 waving flag flag
🏳️ waving flag
`,
  },
]

export interface EmojiEntry {
  emoji: string
  /** Begins with its name; all of it is searched. */
  words: string
}

export const emojiGroups: readonly { name: string; emoji: readonly EmojiEntry[] }[] = table.map(({ name, list }) => ({
  name,
  emoji: list
    .trim()
    .split('\n')
    .map((line) => ({ emoji: line.slice(0, line.indexOf(' ')), words: line.slice(line.indexOf(' ') + 1) })),
}))
