"""What the training city's neighbours write: posts, the alerts of an invented agency, and remarks on a clip.

Every text is invented. `{street}` and `{cross}` stand for real street names of the neighbour's block, such as
"W 18th St"; nothing else is filled in, and comments hold no placeholder.
"""

from __future__ import annotations

import msgspec

from console.domain.feed import Category


class Story(msgspec.Struct, frozen=True):
    """A post as a neighbour writes it, its two names still to be filled in, and what others answer."""

    category: Category
    title: str
    text: str
    comments: tuple[str, ...] = ()


_CRIME = Category.CRIME
_SAFETY = Category.SAFETY
_LOST = Category.LOST_AND_FOUND
_MOMENT = Category.MOMENT
_ALERT = Category.ALERT

STORIES: tuple[Story, ...] = (
    Story(
        _CRIME,
        "Bike gone from the back porch",
        "Came down this morning and my blue commuter bike is gone from the second floor porch. They "
        "cut the cable and left it coiled up like a snake. If anyone's camera sees the alley I'd "
        "love to know when it happened.",
        (
            "Sorry to hear it. Our camera faces the alley, I'll look tonight.",
            "Cable locks are no match for cutters. Learned that the hard way.",
        ),
    ),
    Story(
        _CRIME,
        "Parcel taken off the stoop",
        "Delivery photo says 2:14, I was home by 2:40, no box. It was a birthday present for my "
        "niece so I'm more sad than angry.",
    ),
    Story(
        _CRIME,
        "Car window smashed on {street}",
        "Rear passenger window broken overnight near {cross}. Nothing taken because there was "
        "nothing in it except a gym bag full of laundry, which they went through and declined.",
        (
            "Even thieves have standards, apparently.",
            "Mine too, same night. Silver hatchback, two cars behind.",
        ),
    ),
    Story(
        _CRIME,
        "Garage door pried open",
        "Someone forced the side door of our garage. Snow blower and a toolbox are missing. The "
        "door frame is split, so they used something heavy. Please check yours, it looks closed "
        "from a distance even when it isn't. We only noticed because the dog would not walk past "
        "it. If you were up between midnight and three and heard something like a crate breaking, "
        "it would help to have the time.",
    ),
    Story(
        _CRIME,
        "Catalytic converter cut at 4 am",
        "Woke to a grinding noise on {street}, thought it was the plow. It was not the plow. My car "
        "now sounds like a race car and the repair costs more than my rent. A grey minivan with one "
        "headlight drove off toward {cross}.",
        (
            "I heard it too and rolled over. I'm so sorry.",
            "One headlight minivan was on our block Tuesday. I have a clip.",
        ),
    ),
    Story(
        _CRIME,
        "Tags all over the viaduct again",
        "The mural under the viaduct near {street} has been painted over with tags. Kids from the "
        "school did that mural. Does anyone know who restores it?",
        (
            "The city has a removal crew, it took them about a week last time.",
            "Count me in with a brush.",
        ),
    ),
    Story(
        _CRIME,
        "Mailboxes pulled open in our lobby",
        "All six mailboxes in our vestibule were open when I left for work. We had the post office "
        "told. If you rent on {street} near {cross} check yours, and watch for missing checks.",
    ),
    Story(
        _CRIME,
        "Someone trying car doors",
        "Around 3 in the morning a person in a grey hoodie walked down {street} and tried every "
        "handle on the east side. Mine was locked, the neighbor's was not. Loose change and "
        "sunglasses gone.",
        (
            "Thank you for posting the time, I'll check our doorbell.",
            "Lock it every night folks, even when you're tired.",
        ),
    ),
    Story(
        _CRIME,
        "Stroller stolen from the entry",
        "Who takes a stroller? It was folded inside the front gate. Green, one squeaky wheel, half "
        "a bag of crackers in the basket.",
    ),
    Story(
        _CRIME,
        "License plate missing",
        "Walked out and my rear plate is gone, screws and all, very tidy. I've reported it so the "
        "tickets won't be mine. Check your plates if you park on {street}.",
        ("Mine was swapped for another one last year! Look closely at the numbers.",),
    ),
    Story(
        _CRIME,
        "Copper downspout gone",
        "They took the copper downspout from the side of our building and left the gutter hanging. "
        "Now it rains into the gangway. I would have made them coffee if they'd at least finished "
        "the job.",
    ),
    Story(
        _CRIME,
        "Scooter stolen outside the laundromat",
        "I left my electric scooter for five minutes by the laundromat at {street} and {cross}. Two "
        "people put it in the back of a dark pickup. Plain truck, ladder rack, no tailgate.",
        (
            "No tailgate should be easy to spot. I'll keep an eye out.",
            "I saw that truck heading south about then.",
        ),
    ),
    Story(
        _CRIME,
        "Packages dumped in our alley",
        "There are five or six opened boxes behind the garages, all with labels from our block. I "
        "put them under our back stairs so they stay dry. If you're missing something, come look.",
        (
            "One was mine! Thank you. Empty, but still nice to know.",
            "This is the third pile this month.",
        ),
    ),
    Story(
        _CRIME,
        "Storage cage broken into",
        "Someone got into the basement of our building and cut the locks on four storage cages. "
        "Took camping gear, left the treadmill. Nobody ever wants the treadmill.",
    ),
    Story(
        _CRIME,
        "Wheels taken off a car on {street}",
        "There's a red compact sitting on milk crates near {cross}. If it's yours, I'm sorry, it "
        "happened between midnight and 5. I have a bit of sound on my camera but no picture.",
        (
            "Sound with a time is still useful, please keep it.",
            "That's my roommate's. She's going to cry. Thank you for telling us.",
        ),
    ),
    Story(
        _CRIME,
        "Fake gas inspector at the door",
        "A man with a clipboard said he had to check the meter inside. No badge, no truck, and he "
        "left quickly when I asked who sent him. Grey jacket, orange vest, polite voice. He was "
        "working his way down {street}.",
        (
            "He came here too, my mother didn't open.",
            "The real ones always make an appointment.",
        ),
    ),
    Story(
        _CRIME,
        "Planter boxes stolen",
        "Both planters, gone. They weigh as much as I do.",
    ),
    Story(
        _CRIME,
        "Broken lock on the alley gate",
        "Our alley gate lock has been drilled out. Nothing missing yet as far as we can tell, but "
        "it feels like somebody is planning to come back. Changing it tonight.",
        ("Get one with a steel plate over it, worked for us.",),
    ),
    Story(
        _CRIME,
        "Van idling in the alley at night",
        "A dark cargo van has been sitting behind the garages off {street} two nights running, "
        "lights off, engine on. Could be a driver on break. I only mention it because of the garage "
        "break-ins.",
        ("Saw it Monday too, no plate on the front.",),
    ),
    Story(
        _CRIME,
        "Laptop bag from my back seat",
        "My own fault for leaving it in sight. Ten minutes outside the bakery, window in pieces. "
        "The bag is brown canvas with a coffee stain. If you find it in a bin, the notebook inside "
        "matters more to me than the computer.",
        (
            "I'll check the bins behind our building.",
            "Don't blame yourself.",
        ),
    ),
    Story(
        _CRIME,
        "Holiday lights cut off the fence",
        "They cut and took the string of lights along our fence. The lights cost eleven dollars. "
        "The joy, considerably more.",
    ),
    Story(
        _CRIME,
        "Motorcycle gone from the carport",
        "Dark green touring motorcycle taken from behind our building between 1 and 5 am. The cover "
        "was left folded on the ground. It's heavy, so they must have had a trailer or a van. My "
        "brother and I rebuilt it over three winters, so I'd know it by the sound alone. If your "
        "camera looks onto the alley mouth, a look at two to four would be a great kindness.",
        ("We have a camera on the alley exit near the church. Will look.",),
    ),
    Story(
        _CRIME,
        "Spray paint on six garages",
        "Every garage door from the corner to the middle of the alley behind {street} has the same "
        "silver squiggle. I've sent photos to the city. If your camera looks down the alley, it was "
        "after 11 pm.",
        (
            "Ours has it too. It won't come off with soap, I tried.",
            "There's a trace of the can hissing on our clip, 11:52.",
        ),
    ),
    Story(
        _CRIME,
        "Break-in while we were away",
        "We came home from a week out of town and the back window was forced. Drawers emptied, "
        "jewelry box gone. No one was hurt and the cat was asleep in the bathtub. We don't know the "
        "day, so any clip from the alley this past week would help.",
        (
            "So sorry. I'll save everything from our back camera tonight.",
            "The cat was in the bathtub? Smart cat.",
        ),
    ),
    Story(
        _CRIME,
        "Purse snatched near the bus stop",
        "A purse was grabbed from a lady at the stop on {street} and {cross} around dinner time. "
        "She's shaken but fine, a neighbor sat with her. The person ran off toward the park, "
        "wearing a red cap and dark pants.",
        (
            "I was on that bus. Told the driver what I saw.",
            "Is she all right? Please tell her we're thinking of her.",
        ),
    ),
    Story(
        _CRIME,
        "Two cars broken into, same night",
        "Mine and the one behind it, both on {street}. They only took phone chargers. I'd like to "
        "believe that means they're stopping soon.",
    ),
    Story(
        _CRIME,
        "Air conditioner stolen from the yard",
        "The outside unit was simply unbolted and carried off. In this heat. I have a fan and a grudge.",
        ("You can nap at ours, we have a spare room and cold lemonade.",),
    ),
    Story(
        _CRIME,
        "Delivery driver's van robbed",
        "While the driver was ringing our bell, someone opened the back of his van on {street} and "
        "took an armful of boxes. A small white hatchback was waiting at {cross}. The driver was "
        "upset, I gave him some water.",
        (
            "Our doorbell caught the hatchback leaving. Where should I send it?",
            "That was kind of you.",
        ),
    ),
    Story(
        _CRIME,
        "Church basement window broken",
        "The little window on the side was kicked in and somebody took the food pantry's hand "
        "truck. The food itself was left alone. If you see a yellow hand truck with tape on the "
        "handle, it belongs to us.",
    ),
    Story(
        _CRIME,
        "Keyed along the whole side",
        "Four cars in a row on {street}. Mine was the shiny one.",
    ),
    Story(
        _CRIME,
        "Bike room door propped open",
        "Somebody put a folded flyer in the latch of our bike room so it wouldn't lock. Caught it "
        "in time, but two bikes went last month the same way. Please pull the door shut behind you "
        "and check the latch.",
    ),
    Story(
        _CRIME,
        "Lawn mower walked off",
        "I went in for a glass of water and came out to half a mown lawn and no mower. If you hear "
        "someone mowing badly near {cross}, that's my mower, it pulls left.",
        ("I'd recognize that mower anywhere, it wakes me on Sundays.",),
    ),
    Story(
        _CRIME,
        "Tire slashed, please look",
        "Right rear tire cut in the side wall overnight. The tow driver says it's the third from "
        "our block this week. I don't want to guess who, I just want it to stop.",
    ),
    Story(
        _CRIME,
        "Counterfeit bills at the yard sale",
        "Somebody paid for the bookshelf at our block sale with a fake fifty. The paper felt like a "
        "menu. Check your cash box if you sold something that day.",
        (
            "We got one too, the same serial number!",
            "How do you tell them apart?",
        ),
    ),
    Story(
        _CRIME,
        "Smoke shop window broken",
        "Heard a bang around 4 am at {street} and {cross}. A car had backed into the shop window "
        "and three people loaded up and left within two minutes. Dark sedan with a dented trunk. "
        "Nobody was inside, thank goodness.",
        (
            "The dent was on the left. I saw it from my kitchen.",
            "The owner is sweeping up now if anyone wants to lend a hand.",
        ),
    ),
    Story(
        _CRIME,
        "My tools, my living",
        "I'm a carpenter and my truck was emptied last night. Nail guns, saws, twenty years of hand "
        "tools with my initials burned in the handles. If someone offers you a deal on tools this "
        "week, please look at the handles. I've made a list with photos and taken it to the desk. I "
        "have a kitchen to finish on Monday, so if anyone can lend a circular saw for a week I'll "
        "return it sharper than it came.",
        (
            "Checked the flea market for you, nothing yet. I'll go again Sunday.",
            "This makes me so mad for you.",
        ),
    ),
    Story(
        _CRIME,
        "Gas siphoned again",
        "Second time this month. The tank was drilled, not siphoned really, and the street smelled "
        "of it all morning. I've put sand down. Be careful with cigarettes near the corner.",
    ),
    Story(
        _CRIME,
        "Doorbell camera stolen",
        "They stole the camera. On camera. Its last picture: a striped glove and a bit of ceiling.",
        ("I laughed, sorry. Striped gloves went past our place too.",),
    ),
    Story(
        _CRIME,
        "Bench and grill taken from the yard",
        "Somebody lifted a bench and a small charcoal grill out of our yard over the back fence. It "
        "takes two people. It was during the game, so everyone on {street} was inside shouting.",
    ),
    Story(
        _CRIME,
        "Suspected scam texts about parcels",
        "Three people in our building got a text asking for a small fee to redeliver a parcel. "
        "Don't pay it, there is no parcel. My aunt lost forty dollars and her patience.",
    ),
    Story(
        _CRIME,
        "Rims gone, car on bricks",
        "It happened between the last train and the first one. Whoever did it was careful enough to "
        "use bricks and stack them evenly. {street}, just past {cross}.",
        ("My camera faces the other way but it may have the car coming in.",),
    ),
    Story(
        _CRIME,
        "Cash box stolen from the lemonade stand",
        "Two teenagers on scooters took the jar from my kids' lemonade stand. Nineteen dollars, all "
        "in coins. My daughter is eight and would like you to know she had just raised the price.",
        (
            "Please set up again Saturday. We'll come thirsty.",
            "I owe her for two cups anyway.",
        ),
    ),
    Story(
        _CRIME,
        "Construction site fence cut",
        "The fence around the new building at {street} and {cross} has been cut open on the alley "
        "side. Wire and pipes are being carried out at night. It's also an open pit in there, so "
        "please keep children away.",
        (
            "I told the site office this morning.",
            "I heard voices in there at 2.",
        ),
    ),
    Story(
        _CRIME,
        "Garage opener taken from my car",
        "They left the car tidy and took only the garage remote from the visor. So now the garage "
        "is the worry. I've unplugged the motor. Passing this on because I wouldn't have thought of "
        "it.",
    ),
    Story(
        _CRIME,
        "Statue missing from the front garden",
        "It's a concrete goose. It wears a raincoat in spring. It was on our steps on {street} for "
        "fourteen years and last night somebody took it. I know how this sounds. We want the goose "
        "back.",
        (
            "Not the goose!!",
            "I walk the long way round to see what it's wearing.",
            "I'll check our camera, this is serious.",
        ),
    ),
    Story(
        _CRIME,
        "Break-in attempt at the rear door",
        "Fresh pry marks by the lock on our back door this morning. They didn't get in. The dog "
        "slept through the whole thing and is now off duty.",
    ),
    Story(
        _CRIME,
        "Trailer stolen from {street}",
        "A small open trailer, used for the block club's clean-ups, was unhooked from its chain "
        "overnight. It has a green tarp and a bumper sticker of a pierogi.",
    ),
    Story(
        _CRIME,
        "Hit and run on parked cars",
        "About 1:30 am a dark SUV clipped four parked cars on {street} and kept going toward "
        "{cross}. It lost a piece of its front bumper, which I have on my porch. Nobody hurt. Mine "
        "is the one with no mirror.",
        (
            "My dash camera was on. I'll send what I have.",
            "I have the other half of the bumper.",
        ),
    ),
    Story(
        _CRIME,
        "Shopping cart of stolen plants",
        "This is odd, but somebody pushed a shopping cart full of potted plants down our alley at "
        "dawn. If your porch looks bare this morning, that's where they went.",
    ),
    Story(
        _CRIME,
        "Ladder left against our building",
        "Not ours, not the landlord's. An aluminum ladder was leaning under the second floor window "
        "at 6 am. I took it in. If it's honestly yours, tell me the color of the tape on it.",
        (
            "Creepy. Did you report it?",
            "Yes, an officer came and took a photo.",
        ),
    ),
    Story(
        _CRIME,
        "Package thief in a work vest",
        "The person who took my package wore a yellow vest and carried a clipboard, so I thought "
        "nothing of it. Walked with a slight limp, got into a tan sedan. The camera has it all at "
        "12:20.",
        ("Tan sedan was on our street right after. I'll look for the plate.",),
    ),
    Story(
        _CRIME,
        "Storefront shutters pried",
        "The shutters on the corner store were bent up in the middle. They took lottery tickets and "
        "gum. The owner opened on time anyway, with a joke about free ventilation.",
    ),
    Story(
        _CRIME,
        "Bike parts stripped at the station",
        "They left the frame and took both wheels, the seat and the bell. Locked at the rack at "
        "{street} and {cross} from eight to six. The bell!",
        (
            "I have a spare bell. It's shaped like a frog.",
            "Always lock the front wheel too.",
        ),
    ),
    Story(
        _CRIME,
        "Front door lock glued",
        "Somebody filled our lock with glue, and the two doors beside us. The locksmith has done "
        "five on {street} this week. A prank maybe, but an expensive one.",
    ),
    Story(
        _CRIME,
        "Our shed was emptied",
        "Rakes, a wheelbarrow, the good shears and for some reason all the empty flower pots. The "
        "padlock was still locked, they took the hinges off.",
    ),
    Story(
        _CRIME,
        "Somebody is stealing mail",
        "I saw a person walk along {street} with a bag, lifting mail out of the slots as if "
        "delivering it backwards. Long brown coat, white sneakers, about 11 am. The carrier comes "
        "at two, so this was not the carrier.",
        (
            "I've been missing a bank letter all week.",
            "Reported to the post office too?",
        ),
    ),
    Story(
        _CRIME,
        "Air bag stolen out of my car",
        "I didn't even know that was a thing. Steering wheel opened up, air bag gone, radio "
        "untouched. Parked under the broken light at {cross}, of course.",
        ("That light has been out for a month, it's no accident they picked that spot.",),
    ),
    Story(
        _CRIME,
        "Dumping behind the garages",
        "A flatbed dropped about forty tires behind our garages off {street} last night. Forty. It "
        "takes a while to drop forty tires and I slept like a stone.",
        (
            "I have the flatbed on camera, 1:10 to 1:35.",
            "The city charges us for that if no one is found.",
        ),
    ),
    Story(
        _CRIME,
        "Attempted car theft, steering column broken",
        "They broke the column and couldn't start it, so it's still here but can't be driven. Two "
        "others on the block have the same damage. If you have an older key-start car, please put a "
        "wheel lock on tonight.",
        (
            "They gave out free wheel locks at the library last fall.",
            "Thank you, doing it now.",
        ),
    ),
    Story(
        _CRIME,
        "Rock through the front window",
        "A rock came through our window about nine in the evening. No note, no idea why. We were in "
        "the kitchen. I keep thinking it was meant for someone else.",
        (
            "I'm two doors down. Knock any time, I mean it.",
            "I heard running right after.",
        ),
    ),
    Story(
        _CRIME,
        "Wallet lifted at the street fair",
        "Somebody got my wallet out of a zipped bag near the corn stand. I have to admire the "
        "skill. If it turns up in a bin around {cross}, I'd love the photo of my grandfather back.",
    ),
    Story(
        _CRIME,
        "Hose and sprinkler taken",
        "It's a small thing, but that's the third hose this summer. I've started to wonder whether "
        "somewhere near {cross} there is a very, very long hose.",
    ),
    Story(
        _CRIME,
        "Basement flooded after pipe theft",
        "They cut the copper pipe in the empty flat downstairs and the water ran for hours. The "
        "building is shut off until tomorrow. If anyone heard sawing on Sunday night, please tell "
        "me.",
        (
            "I heard it about 10 and thought you were renovating.",
            "We can fill some jugs for you.",
        ),
    ),
    Story(
        _CRIME,
        "Running car taken outside the cafe",
        "A running car left warm outside the coffee shop was gone in the time it takes to order. "
        "Please don't leave it running, even for a minute. Yes, it was mine. Yes, my wife knows.",
    ),
    Story(
        _CRIME,
        "Cart vendor robbed of his takings",
        "The man who sells tamales at {street} and {cross} had his cash apron taken this morning. "
        "He isn't hurt. Some of us are chipping in. He said the worst of it was dropping the whole "
        "pot.",
        (
            "I'll buy a dozen tomorrow.",
            "He gave me extra when I was short once. Count me in.",
        ),
    ),
    Story(
        _CRIME,
        "Night noise turned out to be theft",
        "What I took for raccoons was somebody dragging my generator down the back stairs. The "
        "raccoons have my apology. Dark hoodie, light colored gloves, one person, about 3:40.",
    ),
    Story(
        _CRIME,
        "Signs stolen from the garden plots",
        "Every hand-painted sign at the community garden is gone. They're not worth a cent. The "
        "kids painted one for each vegetable and now nobody can tell the beets from the chard.",
    ),
    Story(
        _CRIME,
        "Broken glass by the dog park",
        "Three car windows along the dog park fence, all between 6 and 7 pm while people were "
        "inside with their dogs. They pick it because everyone leaves a bag in the car. Watch your "
        "paws too, there's glass on the grass.",
        (
            "I swept the path, the grass still needs doing.",
            "A silver coupe was waiting with its flashers on.",
        ),
    ),
    Story(
        _CRIME,
        "Contractor took the deposit",
        "A man offered to fix our porch, took a deposit and can't be reached. He's been going door "
        "to door on {street}. Check the license before you pay anything. I didn't, because he had a "
        "nice dog.",
    ),
    Story(
        _CRIME,
        "Catalytic converter, the second one",
        "They came back for the replacement. I had it eleven days. Has anyone on the block had a "
        "shield fitted and does it truly help?",
        (
            "Shield plus parking nose to the wall. So far so good.",
            "I etched the plate number on mine.",
        ),
    ),
    Story(
        _CRIME,
        "Door to door sale felt wrong",
        "Two young people selling home security asked when we're usually out. Maybe it's just a "
        "clumsy script. I didn't answer and I'd suggest the same if they reach your end of "
        "{street}.",
    ),
    Story(
        _CRIME,
        "Abandoned car with the ignition out",
        "A blue sedan with a broken ignition and no plates has been left across from the playground "
        "near {street}. Likely stolen. I've called it in, please don't touch it, they may want "
        "prints.",
        ("It's been there since Sunday night. I have it arriving on my camera.",),
    ),
    Story(
        _CRIME,
        "Instruments taken from the rehearsal room",
        "Our little brass band lost two trumpets and a tuba from the hall. A tuba! If you see a "
        "tuba on {street} without a tuba player, that's ours.",
        (
            "I play trombone and can lend mine.",
            "You'll hear it before you see it.",
        ),
    ),
    Story(
        _CRIME,
        "Wedding gifts stolen from the car",
        "We stopped for ten minutes on the way home from my sister's wedding and the trunk was "
        "popped near {cross}. They took the box with the cards. If you find envelopes with gold "
        "edges anywhere, please save them for her.",
        (
            "Found two in the gutter by the pharmacy. I have them safe.",
            "What a thing to do to someone.",
        ),
    ),
    Story(
        _CRIME,
        "Tip jar grabbed at the cafe",
        "It happened while the girl was steaming milk. Green jacket, left on a rental bike toward "
        "{cross}. About thirty dollars, and everybody in line put it back.",
    ),
    Story(
        _CRIME,
        "Somebody slept in our garage",
        "Not stolen from, exactly. Somebody forced the lock, slept on the moving blankets and left "
        "them folded. I've fixed the lock. Posting so others check theirs, and because I hope they "
        "find a warmer place.",
    ),
    Story(
        _CRIME,
        "Solar lights pulled out of the path",
        "All eight, the entire row along our path. The holes they left are now the darkest part of "
        "the block and I found one with my ankle.",
    ),
    Story(
        _CRIME,
        "Ornamental gate stolen",
        "Someone lifted our iron gate off its hinges. It was here before the house was, or so the "
        "last owner told us. If you're near a scrap yard, it has two birds at the top.",
        (
            "I know that gate. I'll ask at the yard where I take my cans.",
            "How do you carry a gate and not be noticed?",
        ),
    ),
    Story(
        _CRIME,
        "Rental truck, two people, my couch",
        "I left the couch on the landing while I went to get help. When I came back two people were "
        "driving off with it. It was a free couch to begin with. It has simply moved on.",
    ),
    Story(
        _CRIME,
        "Broken into twice in a month",
        "Our shop on the corner of {street} and {cross} was entered by the roof this time. I'm "
        "tired. If you have a camera that sees the roofline or the back stairs between 2 and 4, I'd "
        "be so grateful.",
        (
            "Ours sees your back stairs. Sharing tonight.",
            "We'll keep coming to you, hang in there.",
            "Let us know if you need help cleaning up.",
        ),
    ),
    Story(
        _SAFETY,
        "Street light out for two weeks",
        "The light at {street} and {cross} has been out for two weeks. It's the one over the bus "
        "stop. My mother waits there at six in the morning. Reported twice, no date given.",
        (
            "Adding my report now. More reports, faster fix.",
            "I'll walk with her if she likes, I take the same bus.",
        ),
    ),
    Story(
        _SAFETY,
        "Pothole the size of a bathtub",
        "There's a pothole on {street} that ate my hubcap and possibly a small dog. Somebody has "
        "put a traffic cone in it and now you can only see the tip of the cone.",
    ),
    Story(
        _SAFETY,
        "Ice all along the north side",
        "The sidewalk along the empty lot is a sheet of ice from the leaking downspout. I saw two "
        "people fall before eight. If anyone has salt to spare I'll spread it.",
        (
            "There's a bag on my porch by the blue door. Take it.",
            "Thank you! My knees thank you too.",
        ),
    ),
    Story(
        _SAFETY,
        "Cars ignore the school crossing",
        "I counted this morning: nine cars went through the crossing at {street} and {cross} with "
        "children already in it. The guard is doing her best. Could we ask for a raised crossing?",
        (
            "Signed. Who do we write to?",
            "I'd come to a meeting about it.",
        ),
    ),
    Story(
        _SAFETY,
        "Loose dog by the playground",
        "A big tan dog, no leash, friendly but jumping on the little ones. It has a red collar. I "
        "couldn't get near enough to read the tag.",
        ("That sounds like the one from the corner house, I'll ring their bell.",),
    ),
    Story(
        _SAFETY,
        "Smell of gas on {street}",
        "Strong smell of gas near {cross} as of twenty minutes ago. I called the gas company's "
        "emergency line and they're on the way. Please don't light anything and keep your windows "
        "shut on that side.",
        (
            "I smell it too, at the alley end.",
            "The crew is here now, they've taped off the corner.",
            "They found it. A loose fitting. All clear, they say.",
        ),
    ),
    Story(
        _SAFETY,
        "Speeding at school time",
        "People use {street} as a shortcut to the expressway and they do not slow down for "
        "anything, including my scarecrow in a safety vest. I am out of ideas.",
        ("The scarecrow worked on me.",),
    ),
    Story(
        _SAFETY,
        "Stop sign turned sideways",
        "The stop sign at {cross} has been knocked around so it faces the houses. The houses are "
        "stopping very well. The cars, not so much.",
    ),
    Story(
        _SAFETY,
        "Sidewalk heaved by the tree",
        "The maple has lifted a slab about four inches right where it's dark. I painted the edge "
        "with chalk for tonight. Wheelchairs can't pass at all.",
        (
            "Thanks for the chalk. I nearly met that slab face first.",
            "The city fixes these half price if the owner applies.",
        ),
    ),
    Story(
        _SAFETY,
        "Manhole cover rattles and tilts",
        "The cover in front of the laundromat on {street} tips when a car goes over. Somebody's "
        "going to lose a wheel, or worse, step on it. I've put a chair next to it.",
    ),
    Story(
        _SAFETY,
        "Walk signal too short",
        "I timed it: eleven seconds to cross six lanes at {street} and {cross}. I used to run track "
        "and I barely make it. My neighbor with the walker has to go in two rounds.",
        (
            "I stood with her yesterday. Cars honked. At her!",
            "They lengthened one by the hospital after people wrote in.",
        ),
    ),
    Story(
        _SAFETY,
        "Power line hanging low",
        "A wire is hanging down over the alley, low enough to touch. I don't know if it's power or "
        "phone so treat it as power. I've parked my car across the alley with the flashers on.",
    ),
    Story(
        _SAFETY,
        "Carbon monoxide alarm went off",
        "Our alarm went off at midnight and the fire crew found a cracked flue. We're all fine. Ten "
        "dollars' worth of plastic saved four people. Please test yours tonight.",
        (
            "Just tested. Dead battery. Thank you, truly.",
            "Ours was in a drawer. It's on the wall now.",
        ),
    ),
    Story(
        _SAFETY,
        "Fireworks on the roof",
        "Somebody is setting off the big kind from a rooftop. There are embers landing on the dry "
        "grass by the garages. I wet mine down with a hose.",
    ),
    Story(
        _SAFETY,
        "Bike lane full of glass",
        "There's a line of broken glass in the bike lane from {cross} to the bridge. Two flats this "
        "morning, both mine.",
        (
            "Swept about half of it on my way home.",
            "You're a hero with a broom.",
        ),
    ),
    Story(
        _SAFETY,
        "Delivery trucks block the hydrant",
        "Every afternoon there's a truck across the hydrant on {street}. I know they have a job to "
        "do. So does the hydrant.",
    ),
    Story(
        _SAFETY,
        "Coyote on the block",
        "A coyote trotted down the middle of {street} at dawn as if it paid taxes here. It's not a "
        "danger to people but bring in small pets.",
        (
            "Saw it last week by the tracks. Beautiful animal.",
            "My cat has been grounded.",
        ),
    ),
    Story(
        _SAFETY,
        "Scaffold planks loose in the wind",
        "The scaffold near {street} and {cross} is banging and one plank is half off. Cross to the "
        "other side until someone secures it. I called the number of the city's buildings office.",
    ),
    Story(
        _SAFETY,
        "Dark stretch under the viaduct",
        "All four lights are out under the viaduct. I walk through it after my night shift with my "
        "phone held out like a lantern. It would mean a great deal to have just one of them fixed. "
        "I've asked three times and been given three different ticket numbers, which I now carry in "
        "my wallet like lottery tickets. If more of us ask, perhaps one of them wins.",
    ),
    Story(
        _SAFETY,
        "Ball field fence has sharp ends",
        "The fence behind first base has come loose and the ends stick out at about the height of a "
        "nine-year-old. I bent back what I could with pliers.",
    ),
    Story(
        _SAFETY,
        "Missing crosswalk paint",
        "They repaved {street} and never put the crosswalk back. That was in spring. Everyone "
        "crosses where they remember it being.",
    ),
    Story(
        _SAFETY,
        "Runaway shopping carts",
        "Carts from the store keep rolling down the hill at {cross}. One hit my bumper and one hit "
        "my shin. Of the two, the bumper took it better.",
    ),
    Story(
        _SAFETY,
        "Water main leak freezing over",
        "Water is coming up through the pavement on {street} and freezing as it goes. By tonight "
        "the whole corner will be a rink. Crew has been told, no time given. Drive slowly please.",
        (
            "I slid right through the stop sign. Nobody there, thank heaven.",
            "I put out two buckets of sand.",
        ),
    ),
    Story(
        _SAFETY,
        "Icicles over the front doors",
        "The building on the corner has icicles as long as I am over the entrance. They came down "
        "in one go last year. Please knock on the super's door if you know him.",
    ),
    Story(
        _SAFETY,
        "Drag racing on Saturday night",
        "Three cars raced down {street} from {cross} at about midnight and did circles in the lot. "
        "Tires smoking, people cheering. It's going to end badly one of these times. I was young "
        "once and I had a loud car, so I don't say this lightly: there is a bus stop on that corner "
        "with people coming home from work, and nobody in those cars could have stopped.",
        (
            "I have it on video with plates on two of them.",
            "The baby woke up. Then we all woke up.",
        ),
    ),
    Story(
        _SAFETY,
        "Train gates stay up",
        "The gates at the crossing did not come down this morning and a train went by anyway, "
        "slowly, with its horn. I called the number on the signal box. Look both ways even if the "
        "gates are up.",
    ),
    Story(
        _SAFETY,
        "Loose dogs, two of them",
        "Two shepherd mixes have been running along {street} since yesterday. They chased a boy on "
        "a bike. They seem more scared than mean, but keep a distance.",
        (
            "Animal control took one near the church. The other got away.",
            "I left water out by our gate.",
        ),
    ),
    Story(
        _SAFETY,
        "Please slow down for the ducks",
        "A mother duck is walking eight ducklings from the park to the river every morning by way "
        "of {street}. I have stopped traffic twice with a spatula in my hand.",
        (
            "This is the news I came here for.",
            "I'll take the Wednesday shift. I have my own spatula.",
        ),
    ),
    Story(
        _SAFETY,
        "Someone left a fridge with the door on",
        "There is an old fridge in the alley behind {cross} with the door still on. Kids play "
        "there. I've tied it shut with rope but it needs to go.",
        (
            "I'll help you take the door off tonight.",
            "Done. Thanks for the screwdriver.",
        ),
    ),
    Story(
        _SAFETY,
        "Smoke in the stairwell",
        "It was only a burned pot, but nobody in our building knew where the second stairs were. We "
        "do now. Take five minutes and walk your own building's way out.",
    ),
    Story(
        _SAFETY,
        "Trash bins on fire",
        "Two bins behind {street} were on fire around 10. The fire crew had it out quickly. The "
        "siding of one garage melted a bit. Second time this week, so have a look at your cameras.",
        ("Ours shows a glow and not much else, but I'll save it.",),
    ),
    Story(
        _SAFETY,
        "Traffic light stuck on red",
        "It's been red for {street} for half an hour and people have started making their own "
        "decisions. Please treat it as a four-way stop.",
        ("A lady in pajamas is directing traffic and doing a fine job.",),
    ),
    Story(
        _SAFETY,
        "Blind corner because of parked vans",
        "You can't see around the corner at {street} and {cross} because of vans parked right up to "
        "the crosswalk. I had to inch out this morning and still met a bicycle. No one hurt, both "
        "of us pale.",
        ("The bicycle was me. Thank you for stopping. Really.",),
    ),
    Story(
        _SAFETY,
        "Open trench, no barrier",
        "The gas work left an open trench by the mailbox and the tape blew away overnight. It's "
        "deep. I've laid my old door across two buckets in front of it.",
    ),
    Story(
        _SAFETY,
        "Black ice on the bridge",
        "Three cars spun before seven. Go around.",
    ),
    Story(
        _SAFETY,
        "Hornets in the bus shelter",
        "There's a nest in the corner of the shelter, about as big as a fist and getting bigger. If "
        "you're allergic, wait outside it.",
    ),
    Story(
        _SAFETY,
        "Elderly neighbor and the heat",
        "It's going to be very hot until Thursday. If you have an older neighbor without air "
        "conditioning, please knock. The library on the avenue is a cooling place until eight.",
        (
            "I have a spare fan.",
            "Checked on three. All fine, one made me pie.",
        ),
    ),
    Story(
        _SAFETY,
        "Rats by the restaurant bins",
        "The bins behind {cross} are left open every night and the rats have stopped pretending to "
        "be shy. One looked at me as if I were late.",
        (
            "Reported. They have to have lids by law.",
            "Late for what, though?",
        ),
    ),
    Story(
        _SAFETY,
        "Cyclist hit, is okay",
        "A cyclist was bumped by a turning car at {street} and {cross} tonight. She got up and "
        "walked, an ambulance looked her over. The driver stayed. If you saw it, the officer on "
        "scene was asking for names.",
        (
            "I saw it from the bus and gave mine.",
            "That turn needs its own arrow.",
        ),
    ),
    Story(
        _SAFETY,
        "Broken swing at the park",
        "The chain on the baby swing is worn nearly through at the top. I've wrapped it around the "
        "bar so nobody can use it.",
    ),
    Story(
        _SAFETY,
        "Leaves cover the drain, street floods",
        "Every time it rains, {street} turns into a canal at the low end. I cleared one drain with "
        "a rake and the whole thing went down in a minute with a wonderful noise. There are three "
        "more drains, if anyone else enjoys that noise.",
        (
            "I'd like a drain, please.",
            "Did the one by the church. You're right about the noise.",
        ),
    ),
    Story(
        _SAFETY,
        "Handrail missing at the station steps",
        "The left handrail on the station steps is gone, just bolts sticking up. With the rain it's "
        "slippery. My hip asks you to report it too.",
    ),
    Story(
        _SAFETY,
        "Car parked on the sidewalk daily",
        "The same car is on the sidewalk at {cross} every day and people with strollers have to go "
        "in the road. I left a polite note. Then a less polite one. Then I took the first one back "
        "because it was better.",
    ),
    Story(
        _SAFETY,
        "Electric scooters left across the path",
        "I use a cane and can't lift them out of the way. If you rent one, please park it near the "
        "rack on {street}, not across the ramp. That's all. Thank you.",
        (
            "I'll move any I see on my morning walk.",
            "So sorry, I've done that without thinking. Not again.",
        ),
    ),
    Story(
        _SAFETY,
        "Street flooded, stalled cars",
        "Don't try the underpass at {street}, there's three feet of water and two cars sitting in "
        "it. The drivers are out and dry-ish.",
    ),
    Story(
        _SAFETY,
        "Tree limb about to drop",
        "A limb as thick as my leg is cracked and hanging over the sidewalk near {cross}. Wind is "
        "meant to pick up tonight. Park somewhere else if you can.",
        ("Moved my car. It came down an hour later. I owe you dinner.",),
    ),
    Story(
        _SAFETY,
        "A bit of sense with candles",
        "With the power out, remember that candles and curtains do not mix. I learned it tonight "
        "and so did the curtain. All fine, just stinky.",
    ),
    Story(
        _SAFETY,
        "Sirens on {street}?",
        "Four engines and an ambulance just went down toward {cross}. Does anyone know what's going "
        "on? I can smell smoke with the window open.",
        (
            "Kitchen fire, second floor. Everyone is out, even the parrot.",
            "We've taken the family in for now. They need shoes for two kids.",
        ),
    ),
    Story(
        _SAFETY,
        "No lights on the path to the train",
        "The whole row along the path is dark, all seven. It's the way home for half the block. I "
        "report it every Monday now, like church.",
        ("I'll report it on Tuesdays, then.",),
    ),
    Story(
        _SAFETY,
        "Drivers on phones at the crossing",
        "I'm the crossing guard at {street} and {cross}. This week I tapped on four hoods because "
        "the driver was looking down. Please look up, that's all I ask. I'm the one in bright "
        "yellow, you can't miss me. I hope.",
        ("Thank you for what you do. My son says you know every name.",),
    ),
    Story(
        _SAFETY,
        "Low water pressure and brown water",
        "Our water came out brown this morning. The city says they flushed the hydrants on {street} "
        "and to run the cold tap for ten minutes. It did clear.",
        ("Same here, clear now. Wish they'd told us before the white laundry.",),
    ),
    Story(
        _SAFETY,
        "Unshoveled corner",
        "Every house on {street} has shoveled and then the corner is a wall of snow from the plow. "
        "The bus lets people off straight into it. Bring a shovel at four and we'll dig a way "
        "through together.",
        (
            "I'll be there with two shovels and one teenager.",
            "Bringing cocoa.",
        ),
    ),
    Story(
        _SAFETY,
        "Ladder on the expressway ramp",
        "A ladder is lying in the right lane of the ramp. Called it in. Take it slow around the bend.",
    ),
    Story(
        _SAFETY,
        "Unknown powder at the playground",
        "It's chalk. A box of sidewalk chalk got run over. But I had two minutes of worry and "
        "wanted to spare you the same.",
    ),
    Story(
        _SAFETY,
        "Dog bite at the corner",
        "A brown and white boxer bit my hand when I was walking past its yard gate on {street}, "
        "near {cross}. The gate was open. I'm fine, three stitches. The owner was kind about it, "
        "but the gate needs fixing before a child goes by.",
    ),
    Story(
        _SAFETY,
        "Glass door at the library",
        "The door closer is broken and the door slams shut like a trap. Watch small fingers. Staff "
        "know and have put up a sign with a crocodile on it.",
    ),
    Story(
        _SAFETY,
        "Flashing yellow needed at {cross}",
        "It's been three fender benders this month at the same corner. Nobody knows whose turn it "
        "is. I've started keeping a tally on the window and the kids bring their friends to look.",
    ),
    Story(
        _SAFETY,
        "Slippery metal plates on the road",
        "The steel plates on {street} are like butter in the rain. A delivery rider went down hard "
        "this morning. He's all right, the noodles were not.",
    ),
    Story(
        _SAFETY,
        "Children climbing into the vacant building",
        "I've seen kids go in by the back window of the vacant building at {street} and {cross}. "
        "The floors in there are rotten. I'm not out to get anyone in trouble, I just don't want to "
        "hear of an accident.",
        (
            "I've asked the city to board it up.",
            "Two of them were mine. We have had a talk.",
        ),
    ),
    Story(
        _SAFETY,
        "Heater left running in an empty unit",
        "You can see a space heater glowing in the empty shop window all night. Does anyone have a "
        "number for the landlord? It makes me nervous.",
    ),
    Story(
        _SAFETY,
        "Alley light flickers all night",
        "The light behind our garages flickers like a horror film. It will either fail or summon something.",
    ),
    Story(
        _SAFETY,
        "Bees, not wasps",
        "There's a swarm the size of a football on the mailbox at {cross}. They're honeybees and "
        "calm. Please don't spray. A beekeeper is coming at five with a box.",
    ),
    Story(
        _SAFETY,
        "Bus runs the stop",
        "The bus has gone past the {street} stop three mornings in a row because the light is out "
        "and the driver can't see us. I'm waving a flashlight now like I'm landing planes.",
    ),
    Story(
        _SAFETY,
        "Wind took the fence",
        "Our whole back fence came down and is lying across the alley off {street}. We're cutting "
        "it up as fast as we can. Garbage trucks can't get through before noon.",
        (
            "On my way with a saw.",
            "You can use my truck for the panels.",
        ),
    ),
    Story(
        _SAFETY,
        "Wet paint of an unusual kind",
        "A truck lost a barrel of road paint at {street} and {cross}. There are yellow tire tracks "
        "all the way to the river. Walk your dog somewhere else or you'll have a yellow dog.",
        ("I have a yellow dog now.",),
    ),
    Story(
        _SAFETY,
        "Please leash your dog at the lake path",
        "I know he's friendly. My dog is not, and he's leashed for that reason. Yours came at us at "
        "full speed and I ended up in the reeds.",
    ),
    Story(
        _SAFETY,
        "Battery fire in the bike room",
        "A charging scooter battery caught fire in our basement. Sprinklers did their job. Please "
        "don't charge them overnight or in front of the only door.",
        (
            "Moving mine to the balcony. Is that better?",
            "Fire department says never by an exit, and unplug when it's full.",
        ),
    ),
    Story(
        _SAFETY,
        "Curb cut blocked by snow",
        "The ramp at {cross} is buried. I use a chair and had to turn back. Not complaining, just "
        "hoping that somebody with a shovel reads this.",
        (
            "Cleared, both sides, down to the concrete.",
            "You should complain! We'll keep it open.",
        ),
    ),
    Story(
        _SAFETY,
        "Close call with a turning truck",
        "A truck turned right across the bike lane on {street} without looking. I ended up on the "
        "curb with my heart in my ears. Please, mirrors.",
        ("I drive a truck. I'm sorry, and I'll pass this around at work.",),
    ),
    Story(
        _SAFETY,
        "New sign, please take it slowly",
        "The new sign is up near {cross}. It's for our son. He can't hear you coming and he's very "
        "fast and very four. Thank you for taking it slowly.",
    ),
    Story(
        _SAFETY,
        "Drain cover missing",
        "The grate by the curb on {street} is gone and the hole is wide enough for a foot. I've "
        "stuck a broom in it with a rag on top.",
    ),
    Story(
        _SAFETY,
        "Raccoon acting strangely",
        "A raccoon is walking in circles in daylight in the yard next to the daycare. Animal "
        "services know. Keep kids and pets in for now.",
    ),
    Story(
        _SAFETY,
        "Open hydrant and no pressure upstairs",
        "It's hot and I love a hydrant as much as anyone, but with it wide open there's no water on "
        "the third floor. The fire house will put a sprinkler cap on it if you ask.",
        ("They came and did it in ten minutes. Kids still soaked, all happy.",),
    ),
    Story(
        _SAFETY,
        "Cracked light pole is leaning",
        "The pole outside the pharmacy at {street} and {cross} was hit and is now leaning over the "
        "sidewalk, with a crack at the base you could put a hand in. I've told the city. Walk on "
        "the other side.",
        (
            "It moves when a bus passes. Not good.",
            "They're taking it down now.",
        ),
    ),
    Story(
        _SAFETY,
        "Heat is out in our building",
        "Third day with no heat in our building. We've got a baby on two and a lady of ninety on "
        "three. The city's been told. Does anyone have space heaters to lend? We've hung blankets "
        "over the windows and moved everyone's beds into the two warmest rooms, which the children "
        "think is a holiday. The rest of us would be glad to see it end.",
        (
            "Two heaters, come by any time.",
            "She can stay in our guest room. Really.",
        ),
    ),
    Story(
        _SAFETY,
        "Fog and no headlights",
        "Thick fog, six cars on {street}, no lights. Turn the knob.",
    ),
    Story(
        _SAFETY,
        "Sinkhole starting?",
        "The asphalt by the curb has dropped about five inches since Sunday and sounds hollow. "
        "There's a cone from my own trunk on it. If it grows I'll post.",
        (
            "It grew. The cone is gone.",
            "Crew on site, they say it's an old sewer.",
        ),
    ),
    Story(
        _SAFETY,
        "Nails in the road",
        "Somebody's load of roofing nails spilled from {street} to {cross}. I picked up two coffee "
        "cans full with a magnet. I surely missed some.",
        (
            "One of them found me. Thanks for the rest.",
            "Bringing my magnet after work.",
        ),
    ),
    Story(
        _SAFETY,
        "Kids sledding into the road",
        "The hill is wonderful this week but it ends on {street}. A few of us are lining up hay "
        "bales at the bottom. If you drive by at that hour, go gently and wave.",
    ),
    Story(
        _SAFETY,
        "A thank-you about the new crossing",
        "They finally painted it and put up the flashing sign at {cross}. It took two years and one "
        "very stubborn lady with a folder. My kids crossed on their own today.",
    ),
    Story(
        _LOST,
        "Lost: grey tabby, answers to snacks",
        "Pickle slipped out of the back door last night. Grey tabby, white feet, a notch in the "
        "left ear. He doesn't know his name but he knows the sound of a can.",
        (
            "Grey cat under our porch just now, checking the feet.",
            "White feet! I'm opening tuna.",
        ),
    ),
    Story(
        _LOST,
        "Found keys by the bus stop",
        "A ring of five keys with a small brass whale, found at {street} and {cross}. Tell me what "
        "else is on the ring and it's yours.",
        ("Is there a library card? If so it's my daughter's.",),
    ),
    Story(
        _LOST,
        "Lost wedding band",
        "I took my gloves off on the steps of the library and I think it went with them. Plain "
        "gold, with a date inside. I've been back twice with a flashlight.",
    ),
    Story(
        _LOST,
        "Found: one very calm parrot",
        'A green parrot is sitting on our railing saying "good morning, handsome" to everyone. I\'d '
        "like to keep him but I suspect that somebody is missing the compliments.",
        (
            "That's Kiwi! I'm on my way, I've been crying all day.",
            "He called me handsome. I'll miss him.",
        ),
    ),
    Story(
        _LOST,
        "Lost hearing aid",
        "My dad lost a beige hearing aid between the pharmacy and {cross}. It's tiny and it cost a "
        "fortune. He says not to bother, but he's saying it very loudly.",
        ("Walked that stretch slowly, nothing yet. Will try again in daylight.",),
    ),
    Story(
        _LOST,
        "Found phone in the snow",
        "Black phone with a cracked corner and a picture of a beagle on the lock screen. It's "
        "drying in a bag of rice. Describe the beagle's sweater.",
    ),
    Story(
        _LOST,
        "Lost dog near {cross}",
        "Our beagle mix Waffles got spooked by a siren and ran. Brown and white, blue harness, very "
        "shy. Please don't chase her, just sit down and talk nonsense. She likes nonsense.",
        (
            "Saw a blue harness by the tracks ten minutes ago.",
            "She's sitting with me on the curb. Come with a leash!",
        ),
    ),
    Story(
        _LOST,
        "Found a child's mitten",
        "Red, with a ladybug. It's on the fence spike, waving.",
    ),
    Story(
        _LOST,
        "Lost: a folder of drawings",
        "I left a flat black folder on the bench by the fountain. It's a whole term of my work. "
        "There's no money in it at all, which is also true of the career.",
        ("I turned one in at the park office yesterday. Please check there!",),
    ),
    Story(
        _LOST,
        "Found bike, maybe stolen",
        "A yellow child's bike has been lying in our bushes for three days. Streamers on the "
        "handles. I've brought it in. If it's yours, tell me which streamer is missing.",
        ("Pink one on the left! My girl will be over the moon.",),
    ),
    Story(
        _LOST,
        "Lost stuffed rabbit, high stakes",
        "My son's rabbit fell out of the stroller somewhere between the market and {street}. Grey, "
        "one eye, smells like soup. We can't sleep. Any of us.",
        (
            "I saw a rabbit on the windowsill of the bakery!",
            "Picked up. It does smell like soup. Where do you live, roughly?",
        ),
    ),
    Story(
        _LOST,
        "Found wallet, brown leather",
        "Found on the sidewalk at {cross}. There's a bus pass and a fortune cookie slip in it. Tell "
        "me the fortune. I'll hand it to the police desk on Friday if nobody writes.",
    ),
    Story(
        _LOST,
        "Lost glasses",
        "Round, tortoise shell, green case. Typed by guesswork.",
    ),
    Story(
        _LOST,
        "Tortoise found on the sidewalk",
        "A tortoise was heading west on {street} at a steady pace. It's in our bathtub with "
        "lettuce. It seems to have somewhere to be.",
        (
            "He does this each spring. Coming over, thank you!",
            "Picturing the slowest chase in history.",
        ),
    ),
    Story(
        _LOST,
        "Lost ring of shop keys",
        "I manage the flower shop by the station and dropped the keys somewhere on {street} between "
        "{cross} and the bank. Red tag, no name. Flowers for whoever finds them.",
    ),
    Story(
        _LOST,
        "Found: a trombone",
        "I'm serious. There was a trombone in its case on the bench at the bus stop. I've got it "
        "inside where it's dry. Play me the right three notes and it's yours.",
        ("It's my son's. He cannot play three right notes, but it's his.",),
    ),
    Story(
        _LOST,
        "Lost necklace at the beach path",
        "Thin silver chain with a small compass. My grandmother's. Maybe lost while hauling the cooler.",
    ),
    Story(
        _LOST,
        "Found pigeon with a leg band",
        "A very tidy pigeon with a green band is eating on our fire escape. I think it's somebody's "
        "racing bird. It's losing.",
    ),
    Story(
        _LOST,
        "Missing package, perhaps misdelivered",
        "My parcel was marked delivered but the photo shows a red door and ours is green. If you've "
        "a red door on {street} and a box of cat food, the cat sends her regards.",
        ("Red door here. I was wondering. Come by!",),
    ),
    Story(
        _LOST,
        "Lost backpack on the school bus",
        "A purple backpack with a planet keychain and, I'm told, a very good rock. The homework is "
        "replaceable. The rock is not.",
    ),
    Story(
        _LOST,
        "Found: dentures",
        "I'm sorry to be the one to post this. Upper set, in a napkin, on the picnic table by the "
        "fountain. They're in a clean jar. No questions will be asked.",
    ),
    Story(
        _LOST,
        "Lost cat, indoor only",
        "Our ginger girl went through a torn screen on {street} and she's never been out. She'll be "
        "hiding close by. Could you look in your sheds and under your porches near {cross}?",
        (
            "Looked in ours, no luck. Put her litter box outside, it helps.",
            "Heard meowing under the deck next door!",
            "Update: she's home, dusty and furious.",
        ),
    ),
    Story(
        _LOST,
        "Found a letter",
        'An old letter, in pencil, blew against our gate. It starts with "My dear" and it isn\'t for '
        "me so I stopped there. If you've lost one, I'd love to give it back.",
    ),
    Story(
        _LOST,
        "Lost drone on a roof",
        "My brother's birthday drone is on a flat roof somewhere around {street} and {cross}. It "
        "flew beautifully for nine seconds.",
        ("There's something blinking on our roof. I'll go up tomorrow.",),
    ),
    Story(
        _LOST,
        "Found set of car keys",
        "Car keys with a bottle opener and a bit of blue yarn, found on the parkway grass. The car "
        "is probably near, but I feel odd walking around pressing the button.",
        (
            "Press the button!",
            "It was mine, it beeped. Bless you.",
        ),
    ),
    Story(
        _LOST,
        "Lost: left shoe",
        "It fell off the roof of the car along with my dignity somewhere on {street}. Black dress "
        "shoe, size ten, wedding on Saturday.",
        ("Saw it! It's on the wall by the church, looking formal.",),
    ),
    Story(
        _LOST,
        "Found puppy",
        "About three months, black with a white chest, no collar, at {cross}. She's eaten, slept "
        "and chewed one slipper. We'll have her checked for a chip tomorrow.",
        (
            "If no one claims her I know a slipper owner who might.",
            "My cousin lost one just like that, sending her over.",
        ),
    ),
    Story(
        _LOST,
        "Lost sketch of a house",
        "A roll of drawings slid off my bike rack on the way to the printer. They're in a cardboard "
        "tube with orange caps.",
    ),
    Story(
        _LOST,
        "Lost cane with a carved fox",
        "My cane was left on the bus or on the bench at {street}. The handle is a fox's head, worn "
        "smooth. My late husband carved it. I'd give a good deal to have it back. I had it when I "
        "sat down by the window, and I had my shopping in the other hand, so I think it slid under "
        "the seat. It's dark wood with a brass tip, and the fox looks a bit pleased with himself.",
        (
            "I drive that line. I'll ask at the garage first thing.",
            "I'm asking at the diner too.",
        ),
    ),
    Story(
        _LOST,
        "Found camera with film in it",
        "An old film camera was on the swing. There are eleven shots taken. If you can tell me "
        "what's on any of them we'll have to develop it to check, and I'm fine with that.",
    ),
    Story(
        _LOST,
        "Lost ferret",
        "Yes, a ferret. Noodle is brown and fits anywhere. Check your dryer vents on {street}.",
        (
            "Now I'm scared of my dryer.",
            "Found in a boot on our porch! Safe and asleep.",
        ),
    ),
    Story(
        _LOST,
        "Found a bag of groceries",
        "Somebody left a full bag at the bus stop by {cross}. I put the milk and the fish in my "
        "fridge. Come get it, there's cake in here and I'm only human.",
        (
            "It was mine. Please have a slice when I come.",
            "This is the best thread all month.",
        ),
    ),
    Story(
        _LOST,
        "Lost medical bracelet",
        "Silver bracelet with a red mark, lost near the pool. My daughter needs it for school. It's "
        "got her condition on the back but no name.",
        ("The pool office has a box of lost things, I saw something silver.",),
    ),
    Story(
        _LOST,
        "Found library books",
        "Three picture books in the rain on the bench at {street}. I've dried them on the radiator. "
        "The one on whales is a bit wavy, which suits it.",
    ),
    Story(
        _LOST,
        "Umbrella mix-up at the diner",
        "I took home a green umbrella with a duck's head. Mine is green with no duck. I'm not "
        "giving up the duck without a fight, but fair is fair.",
    ),
    Story(
        _LOST,
        "Lost toolbox off my tailgate",
        "Left it on the tailgate like a fool and drove from {street} to {cross}. Red metal, dented "
        "lid, stickers from three ball clubs.",
        ("I heard a crash by the light and saw a man pick up a red box. He was asking around whose it was.",),
    ),
    Story(
        _LOST,
        "Found: garden gnome",
        "A gnome with a fishing rod has turned up in our hedge. He isn't ours. He seems at ease. If "
        "you're missing one, he's been fed.",
    ),
    Story(
        _LOST,
        "Missing cat home after nine days",
        "Thank you to everyone on {street} who looked. She was in the basement of the church, "
        "living on communion crackers and mice. She's thinner and more religious.",
        (
            "So happy! We checked that basement twice.",
            "Best news of the week.",
        ),
    ),
    Story(
        _LOST,
        "Lost recipe notebook",
        "Small, blue, stained. My mother's handwriting. I had it at the block potluck and then I "
        "didn't. If it got packed up with your dishes, please look.",
        ("It was under our casserole! I confess I copied the plum cake.",),
    ),
    Story(
        _LOST,
        "Found a wedding photo on {cross}",
        "A framed photo was standing by the dumpsters, as if left by mistake. Two people laughing "
        "in the rain. I couldn't leave it there.",
        ("That's my parents. The movers dropped a box. I can't thank you enough.",),
    ),
    Story(
        _MOMENT,
        "To whoever shoveled my walk",
        "I'm just home from the hospital and was dreading the steps. They were clear right down to "
        "the stone. I don't know which of you it was, so thank you to all of {street}.",
    ),
    Story(
        _MOMENT,
        "The boy with the umbrella",
        "My groceries were getting soaked and a boy of about twelve walked me home from {cross} "
        "holding his umbrella over the bag. Over the bag, not over himself. Whoever is raising him, "
        "well done.",
        ("That sounds like my nephew. He came home drenched and proud.",),
    ),
    Story(
        _MOMENT,
        "Free tomatoes",
        "Too many. There's a crate on the wall on {street}. Please. We can't look at another tomato.",
        (
            "Took six, left you a jar of pickles.",
            "Sauce on Sunday, I'll bring you some.",
        ),
    ),
    Story(
        _MOMENT,
        "Power was out, doors were open",
        "When the power went out the whole building ended up on the stairs with candles and ice "
        "cream that had to be eaten. I've lived here nine years and met four neighbors I'd never "
        "spoken to.",
        (
            "The pistachio was mine. Worth it.",
            "Let's do it again with the lights on.",
        ),
    ),
    Story(
        _MOMENT,
        "Thank you, night nurse",
        "The lady in the blue scrubs who stopped when my father fell at {street} and {cross}: he's "
        "fine, two stitches, and he wants to marry you. My mother has been told.",
    ),
    Story(
        _MOMENT,
        "Piano on the porch",
        "Somebody at the end of the block plays the piano with the window open around seven. I've "
        "started eating dinner on the steps. Please don't ever close that window.",
        (
            "She's eighty-one and thinks nobody's listening. I'll tell her.",
            "She's learning a new one. I can hear her practice the hard part.",
        ),
    ),
    Story(
        _MOMENT,
        "A jump start and a sandwich",
        "My car died on {street} with three kids inside. Two strangers pushed, one had cables, and "
        "a lady came out with sandwiches. I've never broken down so well.",
    ),
    Story(
        _MOMENT,
        "Our crossing guard retires",
        "After nineteen winters at {cross}, she's hanging up the vest on Friday. The kids are "
        "making a card the size of a door. Come by at eight if you'd like to sign it.",
        (
            "She saw all three of mine across. I'll be there.",
            "Who's bringing tissues?",
        ),
    ),
    Story(
        _MOMENT,
        "Lost wallet came back with more in it",
        "I had eleven dollars in it when I lost it. It came back through the mail slot with a "
        'twenty and a note saying "for the scare." I don\'t know what to do with my face.',
    ),
    Story(
        _MOMENT,
        "Snow fort on the corner",
        "The kids on {street} have built a snow fort with a customs office. I was asked for my "
        "papers on my way to work. I showed a coupon and was let in.",
        ("I was turned away. Now I know to bring coupons.",),
    ),
    Story(
        _MOMENT,
        "A new baby upstairs",
        "Our upstairs neighbors came home with a baby girl last night. We can hear her and we don't "
        "mind. There's a sign-up for meals on the lobby door.",
        (
            "I put us down for Tuesday, lasagna.",
            "Congratulations to the whole building!",
        ),
    ),
    Story(
        _MOMENT,
        "The man who waters the trees",
        "There's an older gentleman who carries two buckets down {street} every evening, and waters "
        'the young trees nobody planted on purpose. I asked him why. He said, "They look thirsty."',
        (
            "I gave him our hose key. He comes Tuesdays.",
            "The trees are twice the size of the ones on our block.",
        ),
    ),
    Story(
        _MOMENT,
        "Chess in the park",
        "I lost at chess to a nine-year-old by the fountain at {cross}. Then to her little brother. "
        "They shook my hand both times. I'd recommend it.",
    ),
    Story(
        _MOMENT,
        "Coats on the fence",
        "The coats that are hanging on the fence aren't lost. They're for anyone who's cold. Take "
        "one, or add one if you've got more than you need.",
        (
            "Added two and a pair of boots.",
            "My student took one yesterday and wore it all day long. Thank you.",
        ),
    ),
    Story(
        _MOMENT,
        "Bus driver of the year",
        "Our bus waited while I ran from {street} with a cello on my back. The entire bus clapped. "
        "I've played to smaller houses. When I sat down, out of breath, the driver said over the "
        "speaker that there'd be no extra charge for the passenger in the case. I played for the "
        "last four stops. Somebody cried, but it may have been hay fever.",
    ),
    Story(
        _MOMENT,
        "Someone fixed our little library",
        "The door of the little free library had been hanging by a screw for months. This morning "
        "it has new hinges, a coat of paint and a tiny brass knob. Thank you, mystery carpenter.",
        (
            "It wasn't me, but I've got a guess and he's smiling.",
            "Putting some mysteries in it in your honor.",
        ),
    ),
    Story(
        _MOMENT,
        "My first winter here",
        "I moved here from somewhere warm and didn't know about scraping a windshield. A neighbor "
        'on {street} showed me, gave me his spare scraper and said, "Welcome, it gets worse." I '
        "feel at home. Since then I've been taught how to walk on ice like a penguin, which shops "
        "give away boxes for the car mats, and what a hot dish is. I'd like to pay some of it back: "
        "I can cook, sew and fix bicycles.",
    ),
    Story(
        _MOMENT,
        "Block clean-up results",
        "Fourteen bags of litter, two tires, one toilet seat and a very surprised possum. Thank you "
        "to all who came on Saturday. The alley behind {cross} looks like a postcard.",
    ),
    Story(
        _MOMENT,
        "Grandpa's garden goes on",
        "Since my grandfather passed, somebody has been weeding his patch at the community garden. "
        "I went to give up the plot and found beans coming up in straight rows. I'm keeping it.",
    ),
    Story(
        _MOMENT,
        "Dog walks herself, has friends",
        "Our old dog got out and by the time I caught up she'd been given water on one porch, a "
        "biscuit on the next and a rub on the third. {street} is her retirement community.",
    ),
    Story(
        _MOMENT,
        "Trick or treat on crutches",
        "My son couldn't do the steps this year, so the neighbors came down to the sidewalk, all of "
        "them, one house after the other. He came home with nine pounds of candy and I cried in the "
        "kitchen.",
    ),
    Story(
        _MOMENT,
        "The pharmacist remembered",
        "The pharmacist on the corner called to ask if I was all right because I hadn't picked up "
        "my pills. I live alone. It's good to be noticed.",
    ),
    Story(
        _MOMENT,
        "A thank-you to the fire crew",
        "You came for a smell of smoke and it was my toaster. You were kind about it. One of you "
        "petted the cat for quite a while. He's been looking at the door since.",
    ),
    Story(
        _MOMENT,
        "Free piano found a home",
        "The piano we left on the porch went to the after-school club. It took six people, a ramp, "
        "and a gentleman who directed us like an orchestra.",
    ),
    Story(
        _MOMENT,
        "Breakfast for the road crew",
        "The crew fixing the water main at {cross} worked all night in the cold. By six, there were "
        "three thermoses and a tray of eggs on the tailgate. Nobody organized it.",
        ("The eggs were ours. They did the dishes!",),
    ),
    Story(
        _MOMENT,
        "A good deed in the laundromat",
        "I ran out of quarters with a full wash, soap still in it. Someone had gone by the time I "
        "turned around, and there was a stack of eight on my machine.",
    ),
    Story(
        _MOMENT,
        "Old photo of our block",
        "I found a photo of {street} from long ago in my attic, with horses. I made copies for "
        "anyone who'd like one. The tree in front of the church is in it, no taller than a child.",
        (
            "Yes please! My great-aunt is going to love this.",
            "That tree and I have both grown.",
        ),
    ),
    Story(
        _MOMENT,
        "Strawberries at the door",
        "Somebody leaves a bowl of strawberries on our step every June. Eleven years now. We leave "
        "the bowl back with cookies. We've never met and I hope we never do.",
    ),
    Story(
        _MOMENT,
        "Teenagers, for the record",
        "Four teenagers at {street} and {cross} carried my new mattress up three floors and "
        "wouldn't take a cent. They took popsicles. Let that be said too.",
    ),
    Story(
        _MOMENT,
        "Learning to ride",
        "This evening the whole block of {street} cheered a girl on her first ride without training "
        "wheels. She went into a hedge and took a bow.",
    ),
    Story(
        _MOMENT,
        "Blood drive surprise",
        "Went to give blood. Half our street was in line already.",
    ),
    Story(
        _MOMENT,
        "A seat on the stoop",
        "I put a second chair on my stoop in April, just to see. I've not sat alone one evening since.",
    ),
    Story(
        _MOMENT,
        "The goose is back",
        "The neighborhood statue everyone was missing was back on its steps this morning, with a "
        'scarf. There was a note: "I saw the lake." I\'ve so many questions.',
    ),
    Story(
        _MOMENT,
        "Quiet help",
        "My wife is ill, and somebody has been taking our bins out and in every week without a "
        "word. It's a small thing. It isn't small at all.",
    ),
    Story(
        _MOMENT,
        "A baker's dozen",
        "At closing time the bakery by {cross} gave the whole tray of rolls to the kids waiting for "
        "the late bus. One kid saved his for his sister. I bought a coffee I didn't need, just to "
        "be near it.",
        ("The sister is my daughter. She was so happy.",),
    ),
    Story(
        _MOMENT,
        "First citizen on our floor",
        "My neighbor passed her citizenship test today. She studied on the back stairs each night "
        "and we all quizzed her. I now know far more about the Senate than I meant to.",
        (
            "So proud of her. When is the party?",
            "Tonight. Third floor. Bring chairs.",
        ),
    ),
    Story(
        _MOMENT,
        "Hummingbird rescue",
        "A hummingbird was stuck in the garage behind {street}. Three neighbors, two ladders and a "
        "red sock on a stick, and it was out in an hour. The sock was the winning idea.",
    ),
    Story(
        _MOMENT,
        "Mended jacket",
        "I left a torn jacket on the giveaway rail and somebody mended it and put it back. With a "
        "little bird stitched over the tear. I took it home again. It's mine but better.",
    ),
    Story(
        _MOMENT,
        "Music after the storm",
        "The storm brought down the tree at {cross} and we were all standing there feeling sorry, "
        "and then somebody fetched a fiddle. We swept up to a waltz.",
        (
            "It's the best clean-up I've ever been to.",
            "They're saving a slice of the trunk for a bench.",
        ),
    ),
    Story(
        _MOMENT,
        "To my neighbor below",
        'Thank you for the note that said, "Your dancing is loud but your taste is good." I\'ve '
        "bought a rug. You're invited up on Friday.",
    ),
)

ALERT_STORIES: tuple[Story, ...] = (
    Story(
        _ALERT,
        "Vehicle break-ins overnight",
        "Lakeside Police have taken reports of cars entered overnight along {street}. Most were "
        "unlocked. Please lock your car, take valuables inside, and report any loss even if it is "
        "small: the times help us.",
        ("Thank you for telling us. Locked up.",),
    ),
    Story(
        _ALERT,
        "Road closed at {street} and {cross}",
        "The intersection is closed while crews repair a water main. Expect it to open again this "
        "evening. Buses are using the next street over. Please give the workers room.",
        ("Is the sidewalk open? Yes, I just walked it.",),
    ),
    Story(
        _ALERT,
        "Missing older adult found safe",
        "The older adult we asked you about this afternoon has been found and is well. Thank you to "
        "everyone who looked in yards and garages. Please take down any posts with the photo.",
    ),
    Story(
        _ALERT,
        "Parcel thefts in the daytime",
        "Lakeside Police are looking into parcels taken from porches around {cross} between noon "
        "and four. If you can, have parcels held for pick-up or ask a neighbor to take them in. "
        "Please do not confront anyone.",
        (
            "I'm home all day and happy to hold parcels.",
            "So am I, third floor.",
        ),
    ),
    Story(
        _ALERT,
        "Gas leak repaired",
        "The gas company has repaired the leak on {street} and the fire department has checked the "
        "nearby buildings. You may go home. If you smell gas again, leave first and call from "
        "outside.",
    ),
    Story(
        _ALERT,
        "Catalytic converter thefts",
        "Three thefts were reported this week between 2 and 5 in the morning. Park in a lit place "
        "or in a garage if you have one. If you hear cutting, call the emergency line, note the "
        "vehicle from a window, and stay inside.",
    ),
    Story(
        _ALERT,
        "Ice on roads and bridges",
        "Rain is freezing on the ground this evening. Bridges and the ramps near {street} are "
        "slick. If your trip can wait, let it wait. Crews are salting through the night.",
        ("The steps at the station are slick as well. Go carefully.",),
    ),
    Story(
        _ALERT,
        "Impostors at the door",
        "People claiming to inspect water meters have asked to enter homes near {street} and "
        "{cross}. City workers carry a photo card and will wait while you check it with the city. "
        "You may always keep the door closed.",
    ),
    Story(
        _ALERT,
        "Parade route and parking",
        "Parking is not allowed along {street} on Saturday from six in the morning until two. Cars "
        "left there will be moved to a nearby street, not to the pound. Signs are going up today.",
        ("Moved nearby and not to the pound, that's considerate.",),
    ),
    Story(
        _ALERT,
        "Fire on {street} is out",
        "The fire in a garage near {cross} is out and nobody was hurt. Smoke may hang in the alley "
        "for an hour or two; keep windows closed on that side. Fire investigators will be on the "
        "block in the morning.",
    ),
    Story(
        _ALERT,
        "Free bike registration",
        "Record the serial number of your bike and keep a photo of it. A number is how we return "
        "bikes that turn up. Officers at the Lakeside desk will note it for you free of charge, any "
        "weekday until six.",
    ),
    Story(
        _ALERT,
        "Phone scam using our name",
        "Somebody is calling residents and claiming to be Lakeside Police, asking for payment to "
        "clear a warrant. We never ask for money by telephone. Hang up, tell an older relative, and "
        "report the call when you have time.",
        ("They called my aunt! She told them she'd come in person. They hung up.",),
    ),
)

CLIP_REMARKS: tuple[str, ...] = (
    "Hope this helps. The part you want is in the first minute.",
    "My camera faces the alley, so the picture is dark, but you can hear the engine.",
    "The clock on my camera runs about four minutes fast.",
    "It's mostly my cat, but look behind her near the end.",
    "I don't know if it's the same car. Better you look than I guess.",
    "You can see the street from the porch. The tree hides the corner, sorry.",
    "Happy to share. Please let us know if it turns out to be useful.",
    "There are two clips because the camera stops when nobody moves.",
    "That's my husband with the trash at the start. After him comes the one you mean.",
    "I only noticed it because the dog barked. Good dog.",
    "The rain was on the lens. It clears up about halfway.",
    "Please blur my kids on the steps if you show it to anyone.",
)
