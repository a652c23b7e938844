# ruff: noqa: E501 - a pattern is read in one piece
"""The vocabulary of persons for the words lint: race and looks, names and roles, homes and minors.

Written for folded, lower-case text, as in `word_rules.py`; only the rank codes and "ICE" are matched with their case.
"""

from __future__ import annotations

import re

from console.domain.word_rules import phrases

# --- Race alone -------------------------------------------------------------------------------------------------

# Colours are words of race only beside a person; the others nearly always are.
_COLOUR = r"(?:black|white|brown|blk|wht|whi|wh|colou?red|tan|olive|yellow|native|colored)"
_PEOPLE = (
    r"(?:his?panics?|hispanci|hisp|hsp|latin(?:o|a|x|e)s?|chicanos?|asians?|asn|african americans?|"
    r"afro americans?|af am|afr am|aa|africans?|afro|caucas[io]+ans?|caucas\w*|cauc|anglos?|arabs?|arabics?|"
    r"arabians?|middle easterne?r?s?|mid ?eastern|mid east|native americans?|american indians?|alaska natives?|"
    r"indigenous|indians?|mexicans?|mex|puerto ricans?|cubans?|dominicans?|haitians?|jamaicans?|somalis?|"
    r"somalians?|ethiopians?|eritreans?|nigerians?|kenyans?|sudanese|moroccans?|egyptians?|chinese|japanese|"
    r"koreans?|vietnamese|filipin[oa]s?|thai|hmong|cambodians?|laotians?|burmese|indonesians?|pakistanis?|"
    r"bangladeshis?|sri lankan|nepali|nepalese|iranians?|persians?|iraqis?|syrians?|lebanese|afghanis?|"
    r"afghans?|yemenis?|palestinians?|israelis?|turkish|turks?|kurdish|russians?|ukrainians?|polish|romanians?|"
    r"romani|roma|gyps(?:y|ies)|gypsys|albanians?|bosnians?|serbians?|serbs?|bulgarians?|greeks?|italians?|"
    r"irish|hawaiians?|samoans?|tongans?|pacific islanders?|polynesians?|hondurans?|guatemalans?|"
    r"salvadore?ans?|nicaraguans?|colombians?|columbians?|venezuelans?|ecuadoria?ns?|peruvians?|brazilians?|"
    r"chileans?|bolivians?|argentin\w+|central americans?|south americans?|latin americans?|eastern europeans?|"
    r"european|south asians?|east asians?|southeast asians?|orientals?|negro(?:es)?|mulatto|mestizo|bi ?racial|"
    r"mixed race|multi ?racial|mixed|jew(?:s|ish)?|muslims?|moslems?|islamic|sikhs?|hindus?|buddhists?|amish|"
    r"hasidic|hassidic|orthodox jew(?:s|ish)?|jew|mormons?|foreign(?! (?:national|currency|car|made|coin|plate|"
    r"bill))|foreigners?|guyanese|cape verdeans?|congolese|ghanaians?|liberians?|ugandans?|rwandans?|"
    r"senegalese|ivorians?|algerians?|tunisians?|libyans?|saudis?|emiratis?|kuwaitis?|jordanians?|armenians?|"
    r"azer\w+|kazakhs?|uzbeks?|chechens?|mongolians?|tibetans?|bhutanese|rohingya|uyghurs?|taiwanese|"
    r"malaysians?|singaporeans?|fijians?|maoris?|micronesians?|marshallese|chamorros?|panamanians?|"
    r"costa ricans?|belizeans?|paraguayans?|uruguayans?|trinidadians?|bahamians?|barbadians?|west indians?|"
    r"caribbeans?|boricuas?|tejanos?|navajos?|apaches?|lakotas?|sioux|ojibwe|hopi|first nations?|inuits?|"
    r"eskimos?|croatians?|croats?|hungarians?|czechs?|slovaks?|moldovans?|belarus(?:s?ians?)|lithuanians?|"
    r"latvians?|estonians?|portuguese|spanish|spaniards?|french|germans?|dutch|swedish|swedes?|norwegians?|"
    r"danish|finnish|british|english|scottish|welsh|gypsy|travell?ers|desis?|punjabis?|tamils?|bengalis?|"
    r"gujaratis?|berbers?|bedouins?|creoles?|cajuns?|slavic|slavs?|balkan|nordic|scandinavians?|mediterranean|"
    r"sub saharan|(?:west|east|north|south|central) africans?|african|arab americans?|asian americans?|"
    r"mexican americans?|middle eastern(?:er)?s?|catholics?|christians?|baptists?|jehovah'?s witness(?:es)?|"
    r"mennonites?|evangelicals?|pentecostals?|scientologists?|rastafarians?|rastas?|hare krishnas?|hebrews?|"
    r"wiccans?|pagans?|zoroastrians?|coptic|wet ?backs?|beaners?|spics?|chinks?|gooks?|rag ?heads?|"
    r"towel ?heads?|camel jockeys?|squaws?|red ?skins?(?! potato\w*)|cholos?|gringos?|honk(?:y|ies)|pakis?|"
    r"nigg\w+|kikes?|wops?|dagos?|half breeds?|moren[oa]s?|negr[oa]s?|blanc[oa]s?|ethnic|minority|non white|"
    r"dark ?skin(?:ned)?|light ?skin(?:ned)?|brown ?skin(?:ned)?|black ?skinned|fair ?skinned|pale ?skinned|"
    r"olive ?skinned|tan skinned|(?:dark|light|fair|brown|olive|pale|medium) (?:complected|complexioned|"
    r"complexion|complection))"
)
RACE = rf"(?:{_COLOUR}|{_PEOPLE})"
_PERSON = (
    r"(?:customers?|shoppers?|clerks?|joggers?|cyclists?|bikers?|riders?|motorists?|cabbies?|couriers?|"
    r"students?|loiterers?|vagrants?|transients?|homeless(?: m[ae]n| woman| person| people)?|panhandlers?|"
    r"beggars?|solicitors?|salesm[ae]n|peddlers?|squatters?|crooks?|hoodlums?|thugs?|gangsters?|gang ?bangers?|"
    r"punks?|sir|gals?|chaps?|lads?|lass|elders?|mom|dad|father|sons?|daughters?|brothers?|sisters?|siblings|"
    r"husband|wife|roommates?|taggers?|vandals?|shoplifters?|pick ?pockets?|car ?jackers?|muggers?|peepers?|"
    r"flashers?|stalkers?|arsonists?|kidnappers?|abductors?|trespassers?|looters?|dealers?|pimps?|prostitutes?|"
    r"types?|hombres?|pirates?|culprits?|crowds?|duo|trio|pair|mob|ring|employees?|laborers?|contractors?|"
    r"roofers?|landscapers?|vendors?|delivery (?:man|driver|guy|person)|preteens?|tweens?|toddlers?|elderly|"
    r"seniors?|ladrones|hombres|figures?|bunch|lot|characters?|patrons?|guests?|community members?|caller|"
    r"witness|victim|citizens?|bystanders?|members?|drunk|addicts?|accomplices?|lookouts?|partner|males?|"
    r"females?|fem|man|men|woman|women|womn|lady|ladies|guys?|dudes?|fellas?|fellow|gentlem[ae]n|gents?|kids?|"
    r"boys?|girls?|child(?:ren)?|person|persons|people|peoples|folks|suspects?|susps?|subjects?|subjs?|subs?|"
    r"individuals?|indiv|youths?|teens?|teenagers?|juveniles?|juvs?|adults?|couples?|famil(?:y|ies)|gangs?|"
    r"groups? of (?:men|males|people|kids|teens|youths)|driver|drivers|thief|thieves|robbers?|burglars?|perps?|"
    r"perpetrators?|offenders?|shooters?|gunm[ae]n|assailants?|attackers?|intruders?|prowlers?|males?|party|"
    r"parties|pedestrians?|passengers?|occupants?|m|f|ma|fe|immigrants?|workers?|chick|bloke|crew|criminals?|"
    r"neighbou?r|tenants?|resident|visitor|stranger|strangers|mother|father|grandm\w+|nationals?|adult)"
)
_MOD = (
    r"(?:,? ?(?:sounding|acting|dressed|young|younger|old|older|adult|elderly|middle aged|teen|teenage|"
    r"teenaged|juvenile|juv|looking|appearing|tall|short|thin|slim|skinny|heavy|heavyset|heavy set|large|big|"
    r"small|stocky|unknown|unk|suspicious|sketchy|possible|possibly|or|and|and/or|/|male|female|unidentified|"
    r"bearded|bald|college aged?|speaking|type|descent|american|complexion|skinned) ?)"
)
_NOT_A_PERSON = (
    r"(?!'s (?:clothing|department)| (?:pit ?bull|dogs?|labs?|labrador|cats?|pupp(?:y|ies)|terrier|retriever|"
    r"shepherd|poodle|husky|kitten|horse|goat|chihuahua|boxer|bike|bicycle|jacket|wallet|purse|shoes|sneakers|"
    r"coat|restroom|crossing))(?<!mens)(?<!womens)"
)
# Without one of these nothing else of race needs looking for.
RACE_NAMED = phrases(
    rf"{RACE}|(?:blacks|whites|browns|wet ?backs|latinx|jews|hijabs|niqabs|burkas|burqas|turbans|yarmulkes|"
    rf"kippas|kippahs)|of colou?r|complexion|complected|race|ethnicity|nationality|religion|skin|hijab|niqab|"
    rf"burka|burqa|turban|yarmulke|kippah?|(?:religious|tribal|traditional) \w+"
)
RACE_OF_PERSON = phrases(
    # race, then a person; a person, then race
    rf"{RACE}(?:-| )?(?:{_MOD}){{0,3}} {_PERSON}(?!'s |s?'s? (?:jacket|coat|shoes?|bike|bicycle|wallet|watch|"
    rf"shirt|sneakers|hoodie|clothing|clothes|boots|hat|handbag|purse|gloves|size|room|restroom|store|"
    rf"club))(?! and (?:white|black))(?! (?:pit ?bull|dogs?|labs?|labrador|cats?|pupp\w+|terrier|retriever|"
    rf"shepherd|poodle|husky|kitten|horse|chihuahua|boxer|of interest|door|seat|side|fern|crossing)\b)",
    rf"{RACE} ?/ ?(?:m|f|males?|females?)|(?:suspects?|susps?|offenders?|thie(?:f|ves)|robbers?|perps?|"
    rf"subjects?|burglars?) ?[:-] ?(?:an? |\d |one |two |unk )?{RACE}(?= ?(?:[,.;)]|$|and ))",
    rf"(?:fe)?males?(?:,| -| /|:)? (?:is |are )?{RACE}(?= ?(?:[.,;)]|$|and |or |in |with |seen ))",
    rf"{_PEOPLE} (?:looking|appearing|descent|des[cs]ent|origin|heritage(?! (?:month|banners?|festival|center|"
    rf"day|fair|museum|week|parade))|ancestry|background|ethnicity|nationality|appearance|extraction|features|"
    rf"facial features|garb|dress|attire|speaking (?:male|man|female|woman|suspect|person))",
    rf"(?:of|from) (?:an? |possible |apparent |likely |possibly )*(?:{RACE}(?:/| or | and ))?{RACE} (?:descent|"
    rf"des[cs]ent|origin|heritage|ancestry|background|ethnicity|nationality|appearance|race|decent)|"
    rf"of colou?r(?= ?[.,;)]|$)",
    rf"(?:race|ethnicity|nationality|religion|skin colou?r|skin tone|complexion) ?(?:is|was|:|-|=)? ?(?:{RACE}|"
    rf"b|w|h|dark|light|olive)(?!\w)|(?:dark|light|brown|black|olive|tan|fair|pale|white|darker|"
    rf"lighter) ?(?:skin(?: ?tone| ?colou?r)?|complexion|complected|complexioned)",
    # said of somebody: "is Somali", "looked Mexican"
    rf"(?:described (?:only |simply |just |merely )?(?:to us )?as|believed to be|thought to be|said to be|"
    rf"reported(?:ly)? (?:as|to be)|reportedly|apparently|listed as|presumably|described by \w+ as|known to be|"
    rf"appear(?:s|ed)? to be|appear(?:s|ed)?|look(?:s|ed|ing)?(?: like)?|seem(?:s|ed)? to be|seem(?:s|ed)?|"
    rf"sound(?:s|ed)?|may be|might be|could be|possibly|probably|likely|presumed|maybe|think (?:he|she|"
    rf"they) (?:is|was|were)|(?:he|she|they|suspects?|susp|thief|thieves|driver|man|woman|men|robbers?|both|"
    rf"individuals?|subjects?|caller|all) (?:is|was|are|were)) (?:to be )?(?:possibly |probably |likely |"
    rf"either |maybe )?(?:an? |some |of )?(?:{_PEOPLE} )?(?:{_PEOPLE})(?= ?(?:[.,;)!?]|$|and |or |but |with |"
    rf"who |in |seen |from |near |on |at |by ))",
    rf"(?:suspects?|susps?|m[ae]n|wom[ae]n|males?|females?|drivers?|thie(?:f|ves)|he|she|they|robbers?|"
    rf"burglars?|shooters?|gunm[ae]n|subjects?|persons?|individuals?|offenders?|attackers?|perps?|both|all|"
    rf"kids?|teens?)(?: in \w+ \w+)? (?:is |was |were |are |both |all |described as |believed to be |appear(?:s|"
    rf"ed)? (?:to be )?|look(?:s|ed)? |possibly |probably |may be |reported as |said to be |"
    rf"also )+{_COLOUR}(?= ?(?:[.,;)!?]|$|and |or |but |with (?!black|white)|in (?:his|her|their)))",
    rf"(?:looks?|looked|appeared|seemed|sounded)(?: to be| like)?(?: an?| some)? (?:{_PEOPLE})(?! (?:restaurant|"
    rf"food|flag|store|shop|deli|market|brand|made|accent))",
    rf"(?:was|were|is|are|be|been|he's|she's|they're|it's|being)(?: an?| of| some| all| both| possibly|"
    rf" probably| likely| maybe| definitely| clearly| obviously| just)* (?:{_PEOPLE})(?= ?(?:[.,;)!?]|$|and |"
    rf"or |but |with |who |because |so |that'?s |is all|only|no further|nfd))",
    rf"(?:all|both|some|two|three|most|one|each) of them (?:{_PEOPLE}|{_COLOUR})(?= ?(?:[.,;)!?]|$|and |or ))",
    r"(?:dark|light|brown|black|fair|pale|olive|tan|white|darker|lighter)[ -]?skinned",
    # several, and nouns of a people
    r"(?:two|three|four|five|six|\d|some|several|many|few|couple|couple of|group of|bunch of|gang of|the|these|"
    r"those|all|young|pair of|by|other) (?:young |male |female |older )?(?:blacks|whites|browns)(?! (?:and|"
    r"only|fence))",
    r"(?:hispanics|latin[oa]s|asians|african americans|africans|caucasians|arabs|middle easterners|"
    r"native americans|mexicans|puerto ricans|cubans|dominicans|haitians|jamaicans|somalis|somalians|"
    r"ethiopians|nigerians|filipinos|pakistanis|iranians|iraqis|syrians|afghans|russians|ukrainians|romanians|"
    r"gypsies|gypsys|albanians|hondurans|guatemalans|salvadorans|colombians|venezuelans|wet ?backs|beaners|"
    r"spics|chinks|gooks|rag ?heads|towel ?heads|red ?skins(?! potato)|cholos|gringos|pakis|armenians|chechens|"
    r"hungarians|congolese|ghanaians|liberians|panamanians|egyptians|moroccans|kenyans|sudanese men|eritreans|"
    r"serbs|serbians|bosnians|croats|bulgarians|italians|indians|native men|catholics|christians|mormons|"
    r"mennonites|muslim men|hebrews|trinidadians|guyanese|brazilians|peruvians|ecuadorians|nicaraguans|"
    r"chileans|bolivians|travellers|latinx|chicanos|caucs|arabians|persians|kurds|turks|palestinians|israelis|"
    r"lebanese|yemenis|jordanians|saudis|samoans|tongans|hawaiians|pacific islanders|cambodians|laotians|thais|"
    r"jews|muslims|moslems|sikhs|hindus|foreigners|orientals|negroes|koreans|vietnamese men|"
    r"roma men)(?! (?:restaurant|bar|game|football))",
    rf"(?:an?|one|another|some|unknown|unk|older|young|younger|elderly|two|three|four|possible|the) (?:young |"
    rf"older |tall |elderly |possible |possibly )?(?:{_PEOPLE})(?= ?(?:[.,;!?)]|$|who |was |is |were |are |has |"
    rf"had |in (?!a bottle)|with (?:a |an |his |her )|seen |ran |driving |wearing |near |walking |stole |took |"
    rf"and (?:an?|one) (?:white|black|{_PEOPLE})|broke |robbed |fled |running |standing |sitting |entered |"
    rf"left |on foot|came |tried |about |approx|around |from the ))",
    r"(?:^|for |by |of |that |the |some |any |these |those |about |with |, )(?:blacks|browns)(?! (?:and|or|"
    r",) (?:whites|grays|greys|greens|blues|tans))(?! (?:friday|law))",
    rf"{RACE} ?[.,/-] ?(?:adult )?(?:males?|females?|man|woman)(?= ?(?:[.,/;-]|$))|(?:suspects?|susps?|race|"
    rf"offenders?|subjects?|males?|females?|desc\w*) ?(?:is|was|are|were|:|-|=|,|"
    rf"#\d)* ?(?:{RACE})(?= ?(?:[.,;/-] ?(?:(?:fe)?males?|m\b|f\b|man|woman|adult)))",
    rf"one (?:is |was |possibly )?(?:{RACE})(?= ?(?:[.,;)]|$|and (?:one|the other)))",
    r"(?:in|wearing|wore|with) (?:an? |the |full |traditional )*(?:muslim|islamic|arab|sikh|jewish|religious|"
    r"hasidic|amish|middle eastern|ethnic|african|tribal) (?:garb|dress|attire|clothing|clothes|head ?scar\w+|"
    r"headwear|robes?|garments?)|hijabs?|niqabs?|burkas?|burqas?|turbans?|yarmulkes?|kippahs?|kippas?",
)
RACE_CODE = re.compile(
    r"(?<![\w/.'-])(?:[BWHAILOU] ?/ ?[MF](?:[AJ]|s|'s|/\d\d)?(?![\w/])|[bwha] ?/ ?[mf](?![\w/])|[BWH](?:M|"
    r"F)(?:[AJ]|s|'s)?(?![\w'/.@-])(?! (?:bank|Bank|BANK|truck|TRUCK|trailer|TRAILER|logo|LOGO|bag|BAG|bin|BIN|"
    r"dumpster|DUMPSTER|store|STORE|supercenter|SUPERCENTER))|AM[JA](?!\w))"
)
# Somebody described or sought, whom news is not about.
SOMEBODY = phrases(
    r"suspects?|susps?|subjects?|subjs?|males?|females?|[bwhau]/[mf]|m/w|m|f|wm|bm|wf|hm|a (?:man|woman|driver|"
    r"person|guy|kid|boy|girl)|wore|wearing|driver|thie(?:f|ves)|victims?|tattoo\w*|caller|cyclist|pedestrian|"
    r"he|she|blk|hrs|someone|somebody|unk(?:nown)?|seen"
)
# A description, a sighting or a time: what a request is made of even where it names no event.
DESCRIBED = phrases(
    r"m[ae]n|wom[ae]n|boys?|girls?|kids?|teens?|persons?|guy|fellow|cars?|sedans?|suvs?|vans?|trucks?|"
    r"pick ?ups?|vehicles?|motorcycles?|bikes?|bicycles?|scooters?|dogs?|jackets?|hood(?:ie|y)|masks?|"
    r"backpacks?|hair|beard|plates?|left|fled|ran|drove|seen|saw|heading|headed|towards?|look(?:ing)? for|"
    r"block|between|case|ref|window|door|home|house|garage|porch|we|us|contact|do not|don'?t|shar(?:e|ing)|"
    r"voluntary|optional|nobody|no one|near|around|corner|he|she|they"
)
# The loot is no feature of the one who took it.
LOOT = re.compile(
    r"\b(?:stole|took|taking|steal\w*|stolen|snatch\w+|grabb\w+|theft of|shoplift\w*|robbed of|"
    r"lost)(?: (?!in\b|wearing\b|with\b|and (?:wore|fled)\b)[\w'$-]+){1,4}"
)
_AGE_TENS = r"(?:teens|twenties|thirties|forties|fifties|sixties|seventies|eighties)"
# A kind of feature and what shows it: a kind counts once, a garment or a thing carried once each.
FEATURES: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "",
        phrases(
            r"jackets?|hood(?:ie|y|ies|ed)?|coats?|parka|shirts?|t ?shirts?|tees?|tank ?top|polo|jersey|jeans|trousers|"
            r"pants|slacks|khakis|leggings|sweat(?:s|er|ers|pants|shirts?|suit)|track ?(?:suit|pants)|shorts|skirt|"
            r"dress|hats?|(?:ball|baseball|bulls|knit|ski|camouflage|trucker|flat|skull|winter|[a-z]+) ?caps?|beanie|"
            r"bandana|durag|do rag|scarf|masks?|balaclava|glasses|eyeglasses|spectacles|sunglasses|gloves?|shoes?|"
            r"sneakers?|boots?|sandals|flip ?flops|crocs|slides|heels|nikes|jordans|vests?|overalls?|coveralls|uniform|"
            r"scrubs|apron|suit|necktie|tie|cardigan|windbreaker|flannel|poncho|raincoat|robe|pajamas|peacoat|tights|"
            r"socks|belt|visor|helmet|goggles|necklace|bracelet|earrings?|wig|blazer|tunic"
        ),
    ),
    (
        "",
        phrases(
            r"backpacks?|back pack|ruck ?sack|book ?bag|duffe?ll?e?(?: bag)?|messenger bag|tote(?: bag)?|fanny pack|"
            r"satchel|briefcase|suitcase|luggage|crowbar|umbrella|skateboard|cane|crutch(?:es)?|walker|wheelchair|"
            r"stroller|shopping cart|clipboard|flashlight|ladder|bolt cutters|machete|(?:carrying|carried|holding|held|"
            r"armed with|pushing|pulling|with)(?: an?| the)? <2>(?:bag|purse|handgun|pistol|gun|rifle|shotgun|knife|"
            r"bat|box|hammer|screwdriver|tool\w*|dog|pit ?bull|cart|wagon|phone|wrench|bucket|cooler|sack|saw|drill|"
            r"pipe|stick)"
        ),
    ),
    (
        "clothing",
        phrases(
            r"(?:dark|light|black|white|bright|red|blue|camouflage|all black|dark colou?red) (?:clothing|clothes)|"
            r"camo(?:uflage)?|dressed in|clad|attire|(?:yellow|orange|reflective) hi ?vis"
        ),
    ),
    (
        "build",
        phrases(
            r"heavy|heavy ?set|slim|thin|slender|skinny|stocky|muscular|athletic|husky|obese|over ?weight|chubby|fat|"
            r"lanky|petite|built|build|bld|pot ?bell\w+|burly|large (?:man|male|woman|female)|med(?:ium)? b(?:ui)?ld|"
            r"broad shoulder\w*|hunched|big guy"
        ),
    ),
    (
        "height",
        re.compile(
            r"(?<![\w'])[4-6] ?(?:'|ft\b|foot\b|feet\b)|(?<![\w/:-])[4-6]-(?:0?\d|1[01])(?= ?(?:,|\d{3}\b|tall|\"|to\b|"
            r"in height))|(?<![\w:/.])[4-6](?:0\d|1[01]) ?(?=,? ?/? ?\d{3}\b)|\b(?:four|five|six)[ -](?:foot|feet|ft|"
            r"one|two|three|four|five|six|seven|eight|nine|ten|eleven)\b|\b(?:very |unusually )?tall\b|"
            r"\bshort(?! (?:time|distance|while|st|street|hair|black hair|brown hair|blond|beard|sleeve|period|after|"
            r"drive|walk|clip|video|ave))\b|\bheight\b|\bhgt\b|\bin(?:ch|ches) tall"
        ),
    ),
    (
        "weight",
        re.compile(r"\b\d{2,3} ?(?:-|to)? ?(?:\d{3} ?)?(?:lbs?|pounds|#|kg)(?!\w)|\bweigh\w*|\bwgt\b|(?<=\d/)\d{3}\b"),
    ),
    (
        "hair",
        phrases(
            r"hair(?:ed|cut|style)?|blon(?:d|de)|brunette|redhead|balding|bald|braid(?:s|ed)?|dread(?:s|locks|ed)?|"
            r"locs|twists|pony ?tail|afro hair|corn ?rows|mohawk|mullet|shaved head|crew cut|buzz ?cut|fade|curly|"
            r"curls|pigtails|bun|bangs|man bun|wavy|bob cut|hairline"
        ),
    ),
    (
        "facial hair",
        phrases(
            r"beard(?:ed|s)?|goatee|m(?:o)?ustaches?|moustached?|mustached|stubble|sideburns|unshaven|clean shaven|"
            r"facial hair|five o'clock shadow|whiskers"
        ),
    ),
    (
        "marks",
        phrases(
            r"tattoo(?:s|ed)?|tatts?|scars?(?:red)?|birthmark|pierc(?:ed|ing|ings)|nose ring|gold te?eth|gold tooth|"
            r"missing (?:a )?(?:tooth|teeth|finger|arm|leg)|front teeth|freckles|acne|mole|eye ?patch|bandaged?|"
            r"cast on|black eye|burn scar|pock ?mark\w*|braces"
        ),
    ),
    ("eyes", phrases(r"(?:blue|brown|green|hazel|gray|grey|dark) eyes|eyed")),
    ("gait", phrases(r"limp(?:s|ed|ing)?|gait|shuffl\w+|waddl\w+|pigeon toed|bow ?legged")),
    (
        "voice",
        phrases(
            r"accents?|lisp|stutter\w*|raspy|(?:deep|high|low|hoarse|gravelly|soft) (?:pitched )?voice|voice|"
            r"speech impediment|slurred speech"
        ),
    ),
    (
        "age",
        re.compile(
            rf"\b[1-9]0'?s\b|\b(?:early|mid|late|upper|lower)[ -](?:to[ -](?:mid|late)[ -])?{_AGE_TENS}\b|\bin (?:his|"
            rf"her|their) (?:\w+ )?{_AGE_TENS}\b|\b{_AGE_TENS}\b|\b\d{{1,2}} ?(?:-|to) ?\d{{1,2}} ?(?:yrs?|years?|yoa|"
            rf"y/o|yo)\b|\b\d{{1,2}}[ -]?(?:yrs?|years?)[ -]?(?:old|of age)?\b|\b\d{{1,2}} ?(?:yoa?|y/o|y\.o\.)(?!\w)|"
            rf"\baged? \d{{1,2}}\b|\bage[sd]?:? ?\d{{1,2}}|(?<![\w:/$.,-])(?:1[5-9]|[2-7]\d) ?(?:-|to) ?(?:1[6-9]|"
            rf"[2-7]\d)(?= ?(?:,|;|\.|\)|$))|\b(?:around|about|approx\w*\.?|appears|appearing|roughly|maybe|"
            rf"approximately) (?:1[3-9]|[2-7]\d)(?= ?(?:,|;|\.(?!\d)|\)|$| years| with| and))|(?<=/)\d\d\b(?= ?(?:,|$))"
        ),
    ),
    (
        "vehicle",
        phrases(
            r"(?:driv(?:es|ing|er of|en)|drove|operat(?:ed|ing)|rid(?:es|ing)|rode|rode off|entered|got (?:in ?to|in|"
            r"out of)|exited|(?:fled|left|leaving|arrived|escaped|away|off|ran|seen|took off|last seen|sped|drives?|"
            r"departed|fleeing|get(?:ting)? into)(?: \w+)? (?:in|on|into)|in|on|into|out of|using|with|"
            r"veh(?:icle)?) (?:an? |the |his |her )<4>(?:sedan|suv|van|mini ?van|pick ?up|truck|coupe|hatchback|car|"
            r"bicycle|bike|scooter|moped|motorcycle|e bike|dirt bike|jeep|ford|chevy|chevrolet|honda|toyota|nissan|"
            r"dodge|bmw|hyundai|kia|impala|civic|accord|camry|altima|f 150|charger|malibu|tahoe|silverado|u haul|"
            r"box truck|mercedes|lexus|acura|infiniti|mazda|subaru|volkswagen|vw|buick|cadillac|gmc|tesla|audi|volvo|"
            r"sprinter|vehicle)|(?:temp|license|partial|out of state|paper) (?:tag|plates?)|scooter"
        ),
    ),
)
MIN_FEATURES = 2

# --- Names ------------------------------------------------------------------------------------------------------

_FIRST_NAMES_WORDS = "aaliyah aaron abby abdi abdul abdullah abigail abraham adam adrian adriana agnes ahmed aidan aiden aisha alan albert alberto alejandra alejandro alex alexa alexander alexandra alexandria alexis alfred alfredo ali alice alicia alina alisha alison allan allen allison alma alondra alton alvaro alvin alyssa amadou amalia amanda amari amber amelia amelie amina amir amit amy ana anastasia anders andre andrea andres andrew andy angela angelica angelina angelo angie angus anika anil anita anjali ann anna anne annette annie annika ansel anthony antoine anton antonia antonio antwan aria ariana arjun arlene arlo armando arnold arnulfo arthur arturo arun asher ashley ashton astrid audrey aurelia ava avery ayesha aylin barbara barry bartholomew beatrice becky belinda ben benedict benita benjamin benny bernadette bernard bernardo bernice bertha bertram beth bethany betsy bette bettina betty beulah beverly bianca billy blanca bob bobby bonnie boris boyd brad braden bradley branden brandi brandon brandy brayden brenda brendan brendon brenna brett brian brianna brianne bridget britney brittany bruce bruno bryan bryant bryce bryson byron caleb callum calvin cameron camila camilla candace cara carla carlo carlos carlotta carlton carmela carmen carmine carol caroline carolyn carrie cassandra cassidy cassie catherine cathleen cathy cecilia cedric celeste celia cesar chantal charlene charles charlie charlotte chelsea cheryl chester chiara chidi chloe chris christie christina christine christopher christy cindy claire clara clarence clarissa claudia clementine clifford clyde cody colin colleen colton connie connor consuelo cora cordelia corey cornelius cory courtney craig cristina crystal curt curtis cynthia cyril dagmar dahlia damian damien damon dana daniel daniela danielle danny dante daphne daria dario darius darla darlene darnell darren darryl dave david davion deandre deanna debbie deborah debra deepak deirdre deja delia delilah delores demarcus demetrius dena denise dennis denny derek derrick deshawn desiree desmond destiny devin devon diana diane diego dina dino dmitri dmitry dolores domingo dominic dominique don donald donna donovan doreen doris dorothy dottie doug douglas duane dustin dwayne dwight dylan earl ebony eddie edgar edith edmund edna eduardo edward edwin efrain eileen elaine eldon eleanor eleanora elena eli eliana elias elijah eliot elisa elise elizabeth ella ellen ellie elliot elliott elmer eloise elsie elvira elwood emeka emil emilia emiliano emilio emily emma emmanuel emmett enrique ephraim eric erica erik erika erin ernest ernesto esme esmeralda esperanza esteban estefania estela estelle esther ethan ethel eugene eugenia eunice eva evan evangeline evelyn everett ezekiel ezra fabian fabiola fatima fatimah fausto federico felicia felipe felix fergus fernanda fernando filomena finn fiona fionn floyd frances francis francisco frank franklin fred freda freddie frederick freya fritz gabriel gabriela gabriella gael gail garry gary gavin genevieve geoffrey george georgina gerald geraldine gerardo gertrude gianna gideon gilbert gilberto gina gino giovanni giselle giuseppe gladys glenda glenn gloria gordon gordy graciela greg gregory greta gretchen griselda guadalupe guillermo gustavo gwen gwendoline gwendolyn hailey haley hamza hank hannah hans hao harold harriet harry harvey hassan hattie hayden hector heidi helen helga henrietta henrik henry herbert herman herminia hilda hillary hiram hiroshi horace hortense howard hugo humberto huong hussein hye ian ibrahim ignacio igor ilya imani imelda imogen ines inez ingrid irene iris irma isaac isabel isabella isabelle isaiah ismael ismail issac ivan jace jaclyn jacob jacqueline jacques jada jaden jae jaime jake jakob jalen jamaal jamal jamar james jamie jamila jan jane janelle janet janice janine jared jarrod jasmine jason javier javon jaxon jayden jaylen jean jeanette jeannie jed jeff jeffrey jelani jemma jenna jennifer jenny jerald jeremiah jeremias jeremy jermaine jerome jerri jerry jesse jessica jesus jill jim jimena jimmy jin joan joann joanna joanne joaquin jocelyn jodi joe joel joey johan johanna john johnathan johnny jolene jon jonah jonas jonathan joni jordyn jorge jose josefina joseph josephine joshua josiah josie josue jovan joyce juan juana juanita judd judith judy julia julian julianna julie juliet juliette julio julissa julius justin kaden kaitlin kaitlyn kaleb kamal kareem karen kari karim karina karl karla kasey kate katelyn katherine kathleen kathryn kathy katie katrina katya kavya kayla kaylee kayleigh keegan keiko keira keisha keith kelly kelsey kelvin ken kendall kendra kendrick kenji kenneth kenny kermit kerry kevin keyshawn khadija khalid kiara kieran kim kimberley kimberly kira kirsten klaus kofi krista kristen kristi kristian kristin kristina kristopher krystal kurt kwame kyle lacey lachlan lakisha lakshmi lamar lana landon larry lars lashonda latasha latisha latoya latrice laura lauren laurie lavonne lawrence layla leah leann leif leigh leila leilani lena lenny leo leon leonard leonardo leonel leonora leopold leroy leslie lester leticia levi liam lila lilian lillian lily lina linda lindsay lindsey ling linh linnea lionel lisa lisbeth lizbeth lloyd logan lois lonnie lonny loren lorena lorenzo loretta lori lorna lorraine lou louie louis louise lourdes lucas lucia lucian luciana lucien lucille lucinda lucy luella luis luisa luke lupe lydia lyle lynn mabel mackenzie maddie madeline madelyn mae magdalena maggie mahmoud mai maisie malcolm malik mandy manuel manuela marcel marcela marcelo marcia marco marcos marcus marcy margaret margarita margarito marge margot mari maria mariah mariam mariana maricela marie marilyn mario marion marisa marisol marissa maritza marjorie marlene marquis marsha marta martha martin marv marvin mary maryam mateo mathew matilda matt matteo matthew maura maureen maurice mauricio mavis max maxine maya mckenna megan meghan mehmet mei melanie melinda melissa melvin mercy meredith merle mervin mia michael michaela micheal michele michelle miguel mika mikayla mike mikhail milagros mildred millie milo milton mina mindy minerva minh miranda mireya miriam misty mitchell mohamad mohamed mohammad mohammed moises mollie molly monica monique morgan morris mortimer muhammad muriel mustafa myra nadia nadine najma nancy nanette naomi nasreen natalia natalie natasha nate nathan nathaniel neha neil nellie nelson nestor nettie nevaeh ngozi nguyen nicholas nichole nick nicolas nicole nicolette nikita nikki nikolai nina nisha noah noel noelle nola nolan noor nora noreen norma norman octavia octavio odell oksana olaf oleg olga oliver olivia oluwaseun omar omari ophelia orrin orville oscar osvaldo oswald otto oumar owen pablo paige paloma pamela pascal patrice patricia patrick patsy patty paul paula paulette paulina pauline pedro peggy penelope perla peter petra petunia phil philip phillip phineas phoebe phuong phyllis polly pooja porfirio priscilla priya quentin quinn quintin rachel rafael rafaela raheem rahul raj rajesh ralph ramiro ramon ramona randal randall randy rania raphael raquel rashad rashid raul ravi ray raymond raymundo rebecca rebekah reggie regina reginald reina rene renee reuben reynaldo reza rhea rhonda ricardo richard rick ricky rigoberto rita robert roberta roberto robin rocco rocio roderick rodney rodolfo rodrigo rogelio roger rohan roland rolando romeo ron ronald ronan ronda ronnie rosa rosalie rosalind rosalinda rosalyn rosanna rosario roseanne rosemary rosie roslyn roxanne roy ruben rudolph rudy rufus rupert russell ruth ryan sabine sabrina sadie sally salma salvador salvatore sam samantha sami samir sammy samuel sandra sanjana sanjay santiago sara sarah sasha saul saundra scott sean sebastian selena selma serena sergio seth shana shane shanice shanique shannon shaquille sharif sharon sharonda shaun shauna shawn shawna sheila shelby shelly sherri sherry shirin shirley shreya sid sienna sigrid silas silvia simon simone simran skylar skyler sofia sonia sonja sonya sophia soren stacey stacy stan stanley stefan stella stephan stephanie stephen steve steven stewart stuart sunil suresh susan susana susie suzanne sven svetlana sybil sylvia tabitha talia tamar tamara tameka tamika tammy tania tanisha tanya tara tariq tasha tatiana ted teodoro terence teresa teri terrance terrell terrence terri terry thaddeus thea thelma theo theodore theresa thomas thuy tia tiffany tilly tim timothy tina tobias toby todd tom tomas tomasz tommy toni tonia tony tonya tracey traci tracy trang travis tremaine trent trevor treyvon tricia trina trisha troy trudy tuan tunde tyesha tyler tyree tyrell tyrone ulysses uriel ursula valentina valeria valerie vance vanessa vaughn velma vera verna vernice vernon veronica vicente vicki vickie vicky victor vijay vikram vince vincent viola violet virgil vito vivian vladimir wally walt walter wanda warren wayne wei wendell wendy wesley whitney wilbur wilfred wilhelmina willa willard william willie willis wilma winifred winnie winona xavier ximena xiomara xiu yadira yan yara yasmin yasmine yesenia yoko yolanda youssef yuki yuri yusuf yvette yvonne zach zachariah zachary zack zainab zane zara zeke zelda zelma zeynep zoe zoey"
FIRST_NAMES = frozenset(_FIRST_NAMES_WORDS.split())
# Capitalised or not, these are no part of a person's name.
_NOT_NAMES_WORDS = "colegio escuela liceo san santa statue lodge section line county route platform calle avenida plaza a about above according across after age aged all also am an and any anyone apartment apr april apt are area around as asian at aug august ave avenue away b back be been before being between bicycle bike black blk block blue blvd both boulevard boy brand building burglary business but by call called camera cameras can car case cell check church circle city clinic college complainant contact contacted corner could county court ct dated day dec december department detective detectives did dist district dob do does dr drive driver each east elementary email evening feb february female fire five footage for found four fri friday from garage gas girl give given green had has have he helped her here high highway hill his hit hispanic home homeowner hospital hours house hrs hwy i if in incident into is it its jan january july jul june jun just kid lake lane last left lib light like likes lives living ln lost male man mar march market may me mid middle mile missing mon monday morning most mother motel mr mrs ms my n near neighbor neighbors new night no north not nov november now number oct october of off officer officers on one only or other our out over owner owns park parking passenger pd people person ph phone photo pike pl place plate please pls police possible possibly prior public pulled r rd reached red ref report reported reporting reports resident residents returned reward ring road robbed robbery route rp rt s said sat saturday saw says school schools see seen sent sep sept september several she sgt shop shot since six so some someone south sq square sr st stabbed states station still stolen store street stopped suffered sun sunday susp suspect suspects taken tell ten terrace that the their them there these they this those three thu thur thurs thursday time to today told took town trail truck tue tues tuesday two unit united unk unknown until up us van veh vehicle via victim victims video village w wall was way we wed wednesday well went were west what when where whether which while white who whose will with witness witnesses woman work working works would yard yesterday you your told thefts theft attack assaulted attacked gave does hiv asked arrived drives awoke noticed heard heading told wants hopes fled and/or had then later remains recovering"
NOT_NAMES = frozenset(_NOT_NAMES_WORDS.split())
# After a name, these make it the name of a place, a firm or a thing.
PLACE_AFTER = re.compile(
    r"^(?:'s)? ?(?:(?:jr|sr|[a-z]+'?s?)\.? )?(?:st|street|ave|avenue|av|rd|road|dr|drive|ln|lane|blvd|"
    r"boulevard|ct|court|pl|place|way|cir|circle|ter|terrace|pkwy|parkway|hwy|highway|sq|square|trail|trl|"
    r"plaza|park|playground|school|elementary|middle|high|academy|university|college|hospital|clinic|church|"
    r"center|centre|library|bridge|tower|hall|mall|market|store|shop|diner|cafe|bar|grill|pub|restaurant|"
    r"bakery|pharmacy|deli|auto|motors|liquors?|field|stadium|arena|airport|station|building|apartments?|apts|"
    r"hotel|motel|inn|company|inc|llc|roasters|donuts?|cleaners|tattoos?|vape|nails|sushi|tacos?|coffee|books|"
    r"brewery|brewing|records|tools|hardware|supply|lounge|taproom|tavern|saloon|brothers|bros|sons|partners|"
    r"group|associates|realty|insurance|dental|medical|electric|electronics|plumbing|towing|tires?|jewelers|"
    r"gallery|studios?|boutique|fashions|furniture|florist|flowers|catering|kitchen|bistro|cantina|steakhouse|"
    r"bbq|burgers?|chicken|subs|wings|farms?|ranch|stables|marina|lodge|resort|casino|theat(?:re|er)|arcade|"
    r"lanes|rink|chapel|temple|mosque|synagogue|cathedral|parish|mill|dam|pond|falls|springs|hills?|heights|"
    r"woods|forest|mountain|peak|canyon|valley|ridge|meadows?|estates|village|towers|commons|crossing|junction|"
    r"landing|point|cove|bay|harbor|port|pier|dock|wharf|terminal|depot|garage|deck|complex|fairgrounds|track|"
    r"line|section|turnpike|circle k|fund|trust|bank|team|tournament|award|scholarship|day|festival|fair|week|"
    r"boutique|bottle|taqueria|noodle|thai|wine|spirits|liquor|beauty|barbershop|laundromat|cleaners|storage|"
    r"rentals?|sales|outfitters|grocery|grocers|foods|meats|seafood|creamery|confections|foundation|memorial|"
    r"museum|cemetery|island|creek|river|lake|beach|county|township|house of|pizza|salon|gardens|ymca|gym|"
    r"pizzeria|barber\w*|expressway|freeway|loop|run|bend|pike|row|alley|block|blk)\b"
)
BRANDS = frozenset(
    (
        "dr. pepper",
        "dr pepper",
        "mr. coffee",
        "dr. martin",
        "dr martin",
        "dr. martens",
        "mr. clean",
        "abraham lincoln",
        "george washington",
        "thomas jefferson",
        "christopher columbus",
        "rosa parks",
        "cesar chavez",
        "harriet tubman",
        "frederick douglass",
        "benjamin franklin",
        "virgin mary",
        "kenneth cole",
        "marc jacobs",
        "tory burch",
        "vera bradley",
        "daniel boone",
        "andrew jackson",
        "james madison",
        "theodore roosevelt",
        "walter reed",
        "michael kors",
        "calvin klein",
        "tommy hilfiger",
        "ralph lauren",
        "louis vuitton",
        "jimmy john",
        "jack daniels",
        "martin luther",
        "frank lloyd",
        "mary kay",
        "charlie brown",
        "john deere",
        "john wick",
        "don julio",
        "steve madden",
        "kate spade",
        "tony stark",
        "harry potter",
        "ray ban",
        "ruby tuesday",
        "johnny walker",
        "johnnie walker",
        "jim beam",
        "amber alert",
        "crystal meth",
        "crystal clear",
        "captain morgan",
        "jet ski",
        "victoria secret",
        "george floyd",
        "christian louboutin",
        "peter pan",
        "stella artois",
        "jose cuervo",
        "sam adams",
        "samuel adams",
        "papa john",
        "jersey mike",
        "dick clark",
        "bobby pins",
        "jesus christ",
        "santa maria",
        "san jose",
        "st paul",
        "max mara",
        "alan wrench",
        "allen wrench",
        "allen key",
    )
)
TITLE = frozenset(
    (
        "mr",
        "mrs",
        "ms",
        "miss",
        "mister",
        "mx",
        "madam",
        "mme",
        "professor",
        "prof",
        "dr",
        "doctor",
        "coach",
        "principal",
        "nurse",
        "grandma",
        "grandpa",
        "uncle",
        "aunt",
        "sra",
        "srta",
        "senora",
        "senor",
        "don",
        "dona",
        "rev",
        "reverend",
        "pastor",
        "rabbi",
        "imam",
    )
)
RANK_BEFORE = re.compile(
    r"\b(?:det|detectives?|ofc|ofcr|off|officers?|sgt|sergeant|lt|lieut|lieutenant|capt|captain|cpt|chief|"
    r"deputy|deputies|trooper|sheriff|inspector|insp|investigator|inv|cpl|corporal|commander|cmdr|major|agent|"
    r"agents|marshal|constable|mayor|spokes\w+|pio|p\.o|po|dispatcher|analyst|senator|governor|judge|d/s|d/c|"
    r"prosecutor|attorney|councilm[ae]n|president|director|chaplain|k-?9|st|saint|mt|san|santa|fort|"
    r"ft)\.?,? (?:[a-z]\. ?){0,2}(?:[a-z]+ (?:and|&) )?$"
)
OFFICER_AFTER = re.compile(
    r"^,? ?\(?(?:badge|#|ext|detective|det|officer|sergeant|sgt|lieutenant|records|pio|public information|"
    r"of the (?:police|\w+ unit|\w+ department)|with the (?:police|\w+ police)|police)"
)
SUSPECT_BEFORE = re.compile(
    r"\b(?:suspects?|susps?|wanted|(?:boys?|girls?|teens?|teenagers|kids?|graders?|juveniles?|youths?|"
    r"students?|men|women)(?: from [\w ]{1,20})? (?:who )?(?:broke|stole|smashed|threw|set|tagged|"
    r"vandali[sz]ed|slashed|robbed|spray\w*|took|beat|attacked|lit|started)|arrest(?:ed|ee)?|accused|implicated|"
    r"offenders?|perpetrators?|perps?|fugitives?|defendants?|warrants?|charged|custody|shooter|gunman|robber|"
    r"burglar|thief|driver of the fleeing|known as|aka|alias|alleged\w*|parolee|sex offender|subject|"
    r"one of (?:the|two|three|those|several) (?:juveniles?|teens?|teenagers|kids|youths?|boys|girls|men|group|"
    r"individuals|people|vandals|taggers)|ringleader|culprit|believed (?:to be|responsible)|looking for|"
    r"searching for|locate|responsible is|(?:vandals?|culprits?|taggers?|thie(?:f|ves)|burglars?|robbers?|"
    r"shooters?|arsonists?|attackers?) (?:is|are|was|were)|who (?!(?:was|were|is|got|had|has|"
    r"being) )(?:\w+ )?(?:took|stole|threw|broke|smashed|set|fired|shot|stabbed|robbed|did|drove|ran|tagged|"
    r"painted|started|lit|punched|attacked|swung|slashed|keyed|spray\w*|hit the|crashed|grabbed|snatched|"
    r"jumped|beat)|(?:arrested|detained|cited|booked)[^.!?]{0,50})\b(?:(?! victim| complainant| homeowner|"
    r" owner| witness|[.!?] )[^\n]){0,70}$"
)
SUSPECT_AFTER = re.compile(
    r"^(?:,[^.,]{0,40},)? ?(?:\([^)]{0,30}\) ?)?,? ?(?:\d+,? ?)?(?:is|was|has been|remains|who is)? ?(?:also |"
    r"now |being |still )?(?:wanted|a suspect|the suspect|suspected|sought|arrested|charged|accused|"
    r"a person of interest|in custody|booked|at large|indicted|believed to have (?:stolen|robbed|shot|stabbed|"
    r"broken)|identified as (?:the|a) (?:suspect|driver|shooter))\b"
)
WANTED = re.compile(r"\b(?:wanted|suspect|suspected|arrested|charged)\b")
CONTACT_BEFORE = re.compile(
    r"\b(?:contact|ask for|attn|attention|email|reach out to|speak (?:to|with)|tips to|questions (?:to|for)|"
    r"call|phone|send (?:it|them|video|footage|tips) to|prepared by|submitted by|posted by)(?: is|:)? ?$"
)
MISSING = re.compile(
    r"\bmissing\b(?! (?:its|the|a|an|one|his|her|from|tools|items|property) )|\brunaway\b|\bamber alert\b|"
    r"\bsilver alert\b|\bendangered\b|\bmissing/|\bhelp (?:us )?find\b|\blast seen\b|\bgone from\b|\b(?:not|"
    r"n't|never) (?:been (?:seen|heard)|returned?|come (?:back|home)|came (?:back|home)|make it (?:home|back)|"
    r"made it (?:home|back)|arrived?)\b|\bwe search the\b|\blost (?:child|hiker|boy|girl|man|woman)\b|"
    r"\bvanished\b|\bdisappeared\b|\bwalked away from\b|\bwandered (?:off|away|from)\b|\bran away\b|"
    r"\bwhereabouts\b|\bwelfare (?:check|concern)\b|\bcheck the welfare\b"
)
ROLE = (
    r"(?:victims?|vics?|vict|v/|complainants?|compl|complaintants?|complainent|comp|(?:eye ?|"
    r"eye-)?witness(?:es)?|wit|claimants?|v[12]?(?=:)|r/?ps?|bystanders?|targets?|passers ?by|motorists?|"
    r"pedestrians?|bicyclists?|cyclists?|joggers?|injured|hurt|home ?owners?|owners?|residents?|tenants?|"
    r"renters?|callers?|reportees?|reporting (?:party|person)|rp|r/p|informants?|neighbou?rs?|landlord|"
    r"occupants?|homeowners?|store ?owner|survivors?|deceased|decedent|patient|injured (?:man|woman|party|"
    r"person)|plaintiff|reportee|r/o|registered owner|(?:wounded|stabbed|injured|robbed|beaten|shot|assaulted|"
    r"elderly|carjacked|attacked|mugged|raped|murdered|slain|dead|struck|victimi[sz]ed|scammed|defrauded|"
    r"burglari[sz]ed|kidnapped|abducted|threatened|harassed|groped|hospitali[sz]ed) (?:[a-z]+ ){0,2}?(?:man|"
    r"woman|lady|person|driver|clerk|male|female|teen|boy|girl|cyclist|pedestrian|student|carrier|teacher|"
    r"nurse|worker|employee|cashier|courier|teller|guard|jogger|rider|customer|manager|merchant|vendor|couple|"
    r"resident|owner|father|mother|grandmother|grandfather|senior|retiree|veteran|tourist|bartender|cook|"
    r"farmer|rancher|barber|mechanic|officer worker|librarian|neighbor|shopper|walker|runner|motorcyclist|"
    r"passenger|pastor|priest|rabbi|imam))"
)
A_ROLE = re.compile(rf"\b{ROLE}\b")
ROLE_BEFORE = re.compile(
    rf"\b(?:{ROLE})(?:'?s?)? ?(?:\((?:s|v|w|rp)\))?(?: ?(?:full |first |last )?name(?:d|s)?| is| was| were| as|"
    rf" identified| called| id'?d| -| known| and| resident| for| of the [a-z' -]{{2,25}}| in (?:the|"
    rf"this) [a-z' -]{{2,25}}| who [a-z' -]{{2,30}}|[,:;#=]|/| mr| mrs| ms| miss|\.){{0,6}} ?$"
)
NAMED_BEFORE = re.compile(
    r"\b(?:carrier|teller|cashier|clerk|courier|driver|nurse|teacher|employee|worker|manager|owner|farmer|"
    r"rancher|barber|bartender|waitress|pastor|rabbi|imam|librarian|shopkeeper|merchant|vendor|jogger|runner|"
    r"cyclist|bicyclist|motorcyclist|pedestrian|walker|tourist|bystander|passenger|customer|shopper|lady|woman|"
    r"man|couple|gentleman|widow|widower|retiree|veteran|grandmother|grandfather|mother|father|mom|dad|wife|"
    r"husband|aunt|uncle|friend|neighbou?r|landlord|tenant|roommate|renter|resident|patient|student|guard|"
    r"coach|doctor|dentist|vet|victim|caller|parishioner|boater|camper|hiker)\b(?: (?:robbed|shot|stabbed|hit|"
    r"struck|attacked|killed|mugged|carjacked|hurt|injured|beaten|assaulted|followed|threatened|who (?:was|had|"
    r"lost|called|found|saw|reported))\b[^.!?]{0,60},|,| -| \(|:)? ?(?:a |mr\.? |mrs\.? |ms\.? )?$|\b(?:(?:is|"
    r"was|man|woman|male|female|lady|person|customer|clerk|driver|employee|worker|cyclist|pedestrian|student|"
    r"who is|who was|boy|girl|child|teen|kid|old|son|daughter|baby|toddler|grader|infant|neighbor|father|"
    r"mother|and is|friend|nurse|teacher|cashier|courier|jogger|senior|veteran|passenger|bystander|"
    r"tourist)(?:,)? (?:identified as|named|called|by the name of|name of)|(?:his|her|their|victim'?s?|"
    r"complainant'?s?|the) (?:full )?name(?: is|:)|(?:home|house|residence|apartment|apt|car|truck|garage|"
    r"vehicle|property|driveway|backyard|condo|bike|bicycle|purse|wallet|package|packages|porch) (?:of|"
    r"belonging to|owned by|registered to|rented by)|belong(?:s|ed|ing) to|owned by|registered to|"
    r"reported (?:stolen )?by|reporting party|rp|r/o|stolen from|robbed|assaulted|attacked|stabbed|shot|mugged|"
    r"according to|witnessed by|seen by|called in by|interview(?:ed)? with|statement (?:from|of)|parents? of|"
    r"family of|(?:home|house|place|porch|shop|truck|car|yard|barn|farm|store|garage|shed|boat|dog|bike|"
    r"door) (?:of|to)|(?:is|are|was) (?:owned|driven|rented|reported|parked|kept) by|works? (?:with|for)|"
    r"lives? with|married to|victim was|victim is|hit was|killed was|shot was|robbed was|attacked was|"
    r"injured was|hurt was|struck was|stabbed was|assaulted was|taken belongs to|property of|thanks to|"
    r"given by|filed by|made by|seen by|told by|came from|son of|daughter of|wife of|husband of|mother of|"
    r"(?:his|her) (?:wife|husband|mother|father|son|daughter|brother|sister|neighbor|girlfriend|boyfriend|"
    r"roommate)|who called (?:this |it )?(?:in)?|for|we spoke (?:to|with)|s/o|taken from|death of|murder of|"
    r"killing of|shooting of|assault on|attack on|robbery of|stabbing of|beating of|mugging of|left|injured|"
    r"wounded|killed|claimed the life of|sent|targeted|hurt|knocked|struck|hit|scammed|defrauded|old man|"
    r"old lady|ol'|widow|harassing|harassed|threatened|followed),? (?:a |mr\.? |mrs\.? |ms\.? )?$"
)
PRIVATE_AFTER = re.compile(
    r"^(?:'s?|s'?) (?:\w+ )?(?:car|cars|truck|house|home|garage|bike|bicycle|purse|wallet|phone|vehicle|van|"
    r"suv|residence|apartment|apt|yard|porch|driveway|backyard|package|packages|mailbox|scooter|motorcycle|"
    r"trailer|shed|boat|dog|catalytic|property|sedan|pickup|window|windows|fence|tires?|house ?keys|laptop|"
    r"honda|toyota|ford|jeep|kia|bag|backpack|daughter|son|child|kids?|mother|father|mom|dad|wife|husband|"
    r"grandmother|grandson|jewelry|door|condo|unit|barn|tools|mail|identity|number|cell)\b"
)
# What follows a name in a list of fields, and a given name behind its surname.
LISTED_AFTER = re.compile(r"^[,;]? ?\(?(?:\d|dob|d\.o\.b|age|yoa|phone|ph\b|tel|cell|lives|of \d)")
GIVEN_AFTER = re.compile(r"^, ?([a-z]+)")
PHONE_NEXT = re.compile(r"^,? ?(?:at|on|@|directly at)? ?\(?\d{3}[) .-]")
SAID_AFTER = re.compile(
    r"^,? ?(?:\(?\d{1,3}\)?,? ?)?(?:of \d|told (?:police|officers|us|detectives)|says|said|reported|reports|"
    r"witnessed|saw|called (?:it|this|us|911|police)|woke|awoke|noticed|heard|was (?:robbed|stabbed|shot|"
    r"assaulted|attacked|hit|struck|beaten|injured|walking|riding|killed|mugged|carjacked|threatened|sleeping|"
    r"home|followed|punched)|, the (?:victim|homeowner|owner|complainant|witness|caller|resident)|"
    r"(?:is )?the (?:victim|homeowner|owner|complainant|witness|caller)|, (?:a |an )?(?:victim|homeowner|"
    r"complainant|witness|resident)|lives|\((?:victim|v|w|witness|rp|complainant|owner)|, dob|dob|"
    r", (?:aged? )?\d{2}(?:,|;|\.(?!\d)|$))"
)

# --- Homes and numbers ------------------------------------------------------------------------------------------

_SUFFIX = (
    r"(?:st|street|str|ave|avenue|av|rd|road|dr|drive|ln|lane|blvd|boulevard|ct|court|crt|pl|place|way|cir|"
    r"circle|ter|terrace|terr|pkwy|parkway|trl|trail|sq|square|loop|run|row|bend|hwy|path|pike|crescent|cres|"
    r"cove|alley|close|glen|walk|point|ridge|heights|crossing|manor)"
)
_NO_STREET_WORD = (
    r"(?!(?:and|or|of|on|in|at|to|from|near|block|blk|blks|hundred|am|pm|a|p|hrs|hours|feet|ft|foot|yards|"
    r"miles?|minutes?|mins?|cars?|homes?|houses?|vehicles?|vehs?|men|males?|people|persons?|packages?|"
    r"suspects?|susps?|porches|tires|bikes|blocks|times?|shots?|rounds|the|along|off|by|with|for|between|"
    r"before|after|until|catalytic|windows|jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|"
    r"aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?|x|units?|teens?|juveniles?|b|years?|"
    r"yr|days?|lbs|mph|th|m)\b)"
)
ADDRESS = re.compile(
    rf"(?<![\w:/.#$-])(?<!case )(?<!route )(?<!hwy )(?<!rt )(?<!exit )(?<!mile )(?<!between )\d{{1,5}}(?:-?[a-d]|"
    rf"-\d{{1,4}}| 1/2)? (?:[nsew]\.?[ew]?\.? |(?:north|south|east|west)(?:east|"
    rf"west)? )?(?:{_NO_STREET_WORD}(?:[a-z][a-z'.-]{{1,20}}|\d{{1,3}}(?:st|nd|rd|"
    rf"th)) ){{1,3}}?{_SUFFIX}\b(?!\.? ?(?:and|&|/|at) \d?[a-z])(?:,? ?(?:apt|apartment|unit|#|no\.|ste|"
    rf"suite)\.? ?#? ?\w{{1,4}})?"
    rf"|(?<![\w:/.#$-])\d{{2,5}} (?:[nsew]\.? |(?:north|south|east|west) )(?:\d{{1,3}}(?:st|nd|rd|th)|broadway|"
    rf"[a-z]{{4,15}})(?= ?(?:[,.;:)]|$| (?:between|on|from|around|after|before|last|by|while|overnight)\b))|"
    rf"(?<![\w:/.#$-])\d{{2,5}} (?:broadway)\b"
    rf"|(?:(?<=the )|(?<=at )|(?<=number ))\d{{1,5}} of (?:the )?(?:[a-z][a-z'.-]{{1,20}} ){{1,2}}?{_SUFFIX}\b|"
    rf"\b(?:calle|avenida|camino|paseo|via) [a-z]+(?: (?!at|of|in|on|from|a)[a-z]+)?,? (?:no\.? ?|number |"
    rf"numero |#)?\d{{1,5}}\b(?! ?(?:[ap]\.?m|hrs|block|:))|(?<![\w:/.#$-])\d{{1,5}} (?:calle|avenida|camino|"
    rf"paseo) [a-z]+"
    rf"|\b(?:lives?|resid(?:es|ing)|living|home|house|residence|victim|owner|homeowner|"
    rf"complainant) (?:is )?(?:at|on|address:?|"
    rf"located at) \d{{1,5}} {_NO_STREET_WORD}[a-z][a-z']+(?: [a-z][a-z']+)?"
)
PUBLIC_PLACE = re.compile(
    r"\b(?:store|shop|stores|shops|bank|gas station|station|pharmacy|restaurant|market|supermarket|mall|church|"
    r"mosque|synagogue|temple|library|school|elementary|academy|hospital|clinic|hotel|motel|inn|bar|tavern|pub|"
    r"cafe|diner|bakery|deli|salon|gym|office|offices|warehouse|dealership|laundromat|casino|theater|theatre|"
    r"museum|park|center|centre|walmart|target|walgreens|cvs|7-eleven|mcdonald'?s|wendy'?s|dollar general|"
    r"dollar tree|home depot|lowe'?s|costco|safeway|kroger|aldi|shell|exxon|chevron|bp|circle k|speedway|"
    r"starbucks|subway|burger king|taco bell|kfc|company|business|commercial|plant|factory|city hall|precinct|"
    r"headquarters|hq|police department|dept|lobby|front desk|sheriff'?s|pawn|smoke shop|dispensary|liquor|"
    r"grocery|barber\w*|auto|garage on|parking (?:lot|structure|garage)|storage|substation|lodge|vfw|club|"
    r"nightclub|lounge|atm|credit union|post office|fire station|jail|courthouse|university|college|stadium|"
    r"arena|dealer|mart|plaza|shopping|food|pizza|grill|body shop|repair|jewel\w+|boutique|outlet|car wash|"
    r"construction|tire|vape|hardware|nails|motors|tools|electronics|books|supply|foods|furniture|cleaners|"
    r"laundry|spa|suite|ste)\b"
)
SUSPECTS_HOME = re.compile(
    r"\bsuspects?'?s? (?:lives|home|house|address|resid)|\b(?:suspect|wanted|arrested|accused|"
    r"defendant)\b[^.!?]{0,60}\b(?:lives|resides|residing|living|whose address)\b"
)
HOME_WORD = re.compile(
    r"\b(?:home|house|lives?|living|resides?|residen\w+|apartment|apt|victim\w*|homeowner\w*|owner|complainant|"
    r"family|duplex|condo|townhouse|caller|her|his)\b"
)
_PHONE = r"(?:\(?\d{3}\)?[ .-]?)?\d{3}[ .-]\d{4}|\d{10}"
_OF_PRIVATE = rf"(?:{ROLE}(?:'?s)?|her|his|their|she|he|him|them)"
PHONE = re.compile(
    rf"\b{_OF_PRIVATE}(?: (?:direct|directly|personal|home|private|mobile|cell|contact|own))*(?: (?:cell ?phone|"
    rf"cell|phone|number|mobile|tel|telephone|ph|home|contact|line|direct|no))*(?: (?:number|no|"
    rf"#))?\.?(?: (?:is|at|on|can be (?:reached|called|contacted)|is reachable|may be reached))*(?: at| on|"
    rf" via)?[ :#,(-]{{0,3}}(?:\+?1[ .-])?(?P<number>{_PHONE})(?!\d)"
    rf"|\b(?:victim|vic|complainant|witness|owner|homeowner|rp|caller)\b[^.!?]{{0,80}}?\b(?:ph|phone|tel|cell|"
    rf"mobile|contact|#|number)[ :.#]{{1,3}}(?:\+?1[ .-])?(?P<listed>{_PHONE})(?!\d)"
)
NOT_PRIVATE_LINE = re.compile(
    r"\b(?:anyone|any|witnesses|victims|are you an?|were you an?|residents|neighbou?rs|det|detective|officer|"
    r"ofc|sgt|sergeant|tip|dispatch|investigator|deputy)\b"
)
IDENTITY_NUMBER = re.compile(
    r"(?<![\d-])\d{3}[- ]\d{2}[- ]\d{4}(?![\d-])|\bss(?:n|#)?[ :#]{1,3}\d[\d -]{3,12}|\b(?:d\.?o\.?b\.?|"
    r"date of birth|birth ?date|birthday|born(?: on| in)?)(?:(?: is| was)|"
    r"[ :.]){0,3} ?(?:\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}|(?:(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|"
    r"dec)[a-z]*\.? )\d{1,2},? \d{4}|\d{4})|\b(?:social security|ssn|driver'?s? licen[sc]e|dl|passport|"
    r"medicare|account) (?:number|no\.?|#)?(?:,| is| was|:)? ?[a-z]?\d[\d -]{3,}"
)
PRIVATE_DETAIL = phrases(
    r"(?:is |was |a |an |tested )*hiv(?: positive)?|aids patient|dialysis(?: patient)?|diabet\w+|"
    r"cancer(?: patient)?|chemo\w*|dementia|alzheimer\w*|parkinson\w*|epilep\w+|seizures?|schizo\w+|bi ?polar|"
    r"autis\w+|depress(?:ed|ion)|suicidal|psychiatric|mental (?:illness|health|patient)|mentally ill|hepatitis|"
    r"tuberculosis|pacemaker|transplant|oxygen tank|multiple sclerosis|addict(?:ion)?|recovering (?:alcoholic|"
    r"addict)|methadone|rehab|insulin|heart condition|asthma\w*|stroke (?:patient|survivor)|on medication|"
    r"medical (?:history|records|condition)|deaf|blind|paraplegic|amputee|colostomy|std|herpes|ptsd|"
    r"down syndrome|disabled|disability|cerebral palsy|sickle cell"
)
# What shows the working place of one person.
WORK_DETAIL = re.compile(
    r"\b(?:the )?(?:only|sole|head|night|lead|longtime|assistant)? ?(?:pharmacist|manager|owner|principal|"
    r"teacher|nurse|librarian|bartender|barista|cashier|clerk|waitress|waiter|server|receptionist|secretary|"
    r"pastor|priest|rabbi|imam|dentist|doctor|coach|chef|cook|barber|stylist|custodian|janitor|guard|counselor|"
    r"accountant|bookkeeper|director|supervisor|teller|mechanic|driver|professor|instructor|veterinarian|vet|"
    r"firefighter|paramedic|mail carrier|crossing guard|dispatcher|realtor|employee|dj|host|hostess|baker|"
    r"butcher|florist|crossing guard) (?:at|of|for|with) (?:the )?(?P<place>[A-Z][\w'&.]*(?: [A-Z][\w'&.]*)*)"
    r"|\b(?:works|worked|working|teaches|taught|coaches|bartends|preaches|employed|is employed|volunteers|"
    r"tends bar)(?: the [a-z ]{1,25}?)? (?:at|for|as [a-z ]{1,25} (?:at|for)) (?:the )?(?P<firm>[A-Z][\w'&.]*)"
    r"|\b(?:the )?(?:only|sole) \w+ (?:at|in|of) [\w' ]{3,30}"
)

# --- Minors -----------------------------------------------------------------------------------------------------

_NUMBER_WORD = (
    r"(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen)"
)
MINOR_AGE = (
    rf"(?:(?<!\d)(?:\d|1[0-7])[ -]?(?:years?|yrs?|months?|mos?|yr)[ -]?(?:old|of age|o)?\b|(?<!\d)(?:\d|"
    rf"1[0-7]) ?(?:y/o|yoa?|y\.o\.?)(?!\w)|\bage[ds]?:? (?:\d|1[0-7])(?!\d)|\b{_NUMBER_WORD}[ -](?:years?|yrs?|"
    rf"months?)[ -]old\b)"
)
GRADE = (
    r"(?:(?:\b(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth)|"
    r"\b\d{1,2}(?:st|nd|rd|th))[ -]grade(?:r|rs)?\b|\bkindergart(?:e?ner|en)s?\b|\bpre-?schoolers?\b)"
)
_KID = (
    r"\b(?:boys?|girls?|child(?:ren)?|kids?|teens?|teenagers?|toddlers?|infants?|bab(?:y|ies)|juveniles?|"
    r"minors?|sons?|daughters?|school ?(?:boy|girl|kid|child)s?|schoolmates?|pupils?|(?:school|grade|teen|"
    r"teenage|young|kindergarten|honor|exchange|elementary|middle|grader) students?|youngsters?|tween|"
    r"little (?:one|boy|girl|brother|sister)|stepson|stepdaughter|grandson|granddaughter|niece|nephew|freshman|"
    r"sophomore|youth)\b"
)
MINOR = re.compile(rf"{MINOR_AGE}|{GRADE}|{_KID}")
STRONG_MINOR = re.compile(
    rf"{MINOR_AGE}|{GRADE}|\b(?:boys?|girls?|child(?:ren)?|kids?|toddlers?|infants?|bab(?:y|ies)|teens?|"
    rf"teenagers?|juveniles?|minors?|pupils?|school(?:boy|girl|kid)s?)\b"
)
MINOR_BEFORE = re.compile(
    rf"(?:{MINOR_AGE}|{GRADE}|{_KID}|\b(?:elementary|middle school|high school) (?:student|pupil)|\blittle|"
    rf"(?:{MINOR_AGE}|{GRADE}|\b(?:boy|girl|child|kid|teen|teenager|juvenile|toddler|"
    rf"pupil)s?\b)[^.!?]{{0,70}} (?:is|was|as|named|called))(?: (?:boy|girl|child|male|female|student|victim|"
    rf"witness|neighbor|cyclist|passenger|resident|scooter rider|bicyclist|suspect|son|daughter|kid|teen))?(?:,|"
    rf" named| called| is| was| identified as| known as| by the name of|:| -| \(| name| who is|\)){{0,3}} ?$"
)
MINOR_AFTER = re.compile(
    rf"^(?:'s)?,? ?\(?(?:who is |is |was |only |just |a |an |her |his |our |the |their |is a |(?!(?:at|on|in|by|"
    rf"near|around|about|until|from|to|since|after|before|and|of|for|with|or|unit|apt|station|route|platform|"
    rf"line) )\w+ )?(?:{MINOR_AGE}|{GRADE}|(?:a |an |the |my |our |their |his |her )(?:\w+ )?(?:boy|girl|child|"
    rf"kid|toddler|infant|baby|teen|teenager|juvenile|minor|pupil|schoolboy|schoolgirl|\w+ grader|freshman|"
    rf"sophomore|junior|high school (?:student|senior)|(?:middle|elementary|high) school\w*)\b|(?:\d|"
    rf"1[0-7])(?=\)|,|\.(?!\d)|;|$| was| is| who| of| from| had| and)(?!, ?\d)|age (?:\d|1[0-7])\b|\((?:\d|"
    rf"1[0-7])\))"
)
# An age that follows a name, as in "kayleigh madeupp 16".
AGE_AFTER = re.compile(r"^,? ?\(?(?:age[ds]? |is )?(?:\d|1[0-7])(?!\d)(?! ?(?:/|:|st\b|am\b|pm\b|hrs\b))")
_SCHOOL = (
    r"(?:elementary|middle|junior high|jr\.? high|high|primary|grammar|grade|prep|charter|montessori|academy|"
    r"preschool|daycare|day care|kindergarten|school|elem|ms|hs|catholic|intermediate)"
)
SCHOOL = re.compile(
    rf"\b(?:{_SCHOOL}|(?:at|of|from|to|attends|attending|in) (?:st|mt)|saint|our lady|holy|sacred|mount|colegio|"
    rf"escuela|liceo|instituto)\b"
)
# A pupil of a school that is named: the name has to be a name, so the case is asked for where there is one.
PUPIL = re.compile(
    rf"(?:{GRADE}|\b(?:students?|pupils?|freshm[ae]n|sophomores?|juniors?|seniors?|attend(?:s|ed|ing)?|goes to|"
    rf"go to|went to|plays? for|enrolled|(?:runs?|swims?|wrestles|dances|sings|cheers|studies|"
    rf"rides the bus)(?: \w+)? (?:for|at|to)|cheerleader|quarterback|goalie|player|class(?:mate)?|kids?|"
    rf"child(?:ren)?|boys?|girls?|teens?|daughter|son|y/o|yo|old|victim)\b)(?:,? (?:who )?(?:is |was )?(?:a |"
    rf"an )?(?:student |pupil |\w+ grader |kid )?)(?: ?\w+ (?:and|&) \w+ )?(?:,? ?(?:on|in|of|with) (?:the |"
    rf"their )?(?:[a-z]+ ){{0,2}}(?:team|squad|band|choir|club|class|program|orchestra|"
    rf"chess team))?,? ?(?:(?:student |enrolled )?(?:at|from|of|on|in|who attends|attends|attending|goes to|"
    rf"with|to)\b)? ?(?:the )?(?P<school>(?:[A-Za-z][\w.'-]{{0,19}} ){{1,4}}?{_SCHOOL})\b"
    rf"|"
    rf"(?P<school2>(?<![\w.'-])(?:[A-Za-z][\w.'-]{{0,19}} ){{1,3}}?{_SCHOOL}(?: school)?) (?:\w+ )?(?:students?|"
    rf"pupils?|freshm[ae]n|sophomores?|juniors?|seniors?|\w+[ -]graders?|jv|varsity|squad|team|band|choir|"
    rf"cheer(?: squad)?|marching|debate|robotics|lacrosse|hockey|tennis|golf|softball|gymnastics|cross country|"
    rf"cheerleaders?|quarterback|goalie|kids?|classmates?|(?:soccer|football|basketball|baseball|track|swim|"
    rf"band|volleyball|wrestling)(?: team| player)?)\b"
    rf"|(?:{GRADE}|\b(?:pupil|student|freshman|sophomore|junior|kid|child|boy|girl|attends?|attending|goes to|"
    rf"enrolled))(?: \w+)? ?(?:at|from|of|in|to)? (?P<school3>(?:colegio|escuela|liceo|instituto|st|saint|"
    rf"our lady|holy|sacred|mt|mount)\.? [A-Z][\w]+(?:'s|(?: [A-Z]\w+)?))(?= |[.,;]|$)",
    re.IGNORECASE,
)
_TO_A_SCHOOL_WORDS = "a an the at from of who attends attending attend plays play for kid kids child teen who student students junior senior sophomore freshman pupil grader grade enrolled is was goes to boy girl on in class athlete honor star and her his their"
TO_A_SCHOOL = frozenset(_TO_A_SCHOOL_WORDS.split())
_NEAR_A_SCHOOL_WORDS = "near by outside behind past local nearby another this that same our with old public after while year neighborhood private middle high primary elementary area city hit struck robbed were has had around across beside between leaving toward towards home walking passing school"
NOT_A_SCHOOL = TO_A_SCHOOL | frozenset(_NEAR_A_SCHOOL_WORDS.split())
PHOTO = re.compile(
    r"\b(?:school|yearbook|class|team|attached|family) (?:school )?(?:photos?|pictures?|portraits?|pics?)\b|"
    r"\b(?:photos?|pictures?|pics?|images?|portrait|yearbook) (?:of (?:the |a |our |this )?(?:\w+ )?(?:boy|"
    r"girl|child|children|kid|kids|teen|teens|minor|juvenile|student|victim|toddler|baby|\d+[ -]year)|(?:is |"
    r"are )?(?:attached|below|above|shown|included|posted))\b|\b(?:pictured|shown) (?:here|above|below|in the|"
    r"left|right|with)|\bis pictured\b|\bface is (?:shown|visible)|\bsee (?:the )?(?:attached )?(?:photo|"
    r"picture)"
)
