"""Forenames that are one name in use: short forms, and spellings of one name in Latin letters.

Source: our own list, written from common use in England for this project; no list of others was copied. It is not complete, and need not be: it makes
records meet and counts as weak agreement, and nobody is joined of itself because of it. A short form of several names (Alex, Sam) makes one family of them.
"""

FAMILIES = """
aaliyah aliyah aliya alia aleeya
aaron aron haroon harun haroun
abdul abdel abdal abdoul
abdullah abdallah abdulla abdoulaye
abdirahman abdulrahman abdurrahman abdirahmaan
abigail abi abbie abby gail
adam adem aadam
adrian adriano ade
agnieszka aga
ahmed ahmad ahmet achmed
aisha ayesha aishah aysha aicha aicha ayisha
albert al bertie alberto
alex alexander alexandra alexandria alexis alec alek sandy lex xander alexandru aleksander aleksandra sasha alessandro alejandro zander
alfred alf alfie fred freddie freddy frederick frederic
alison ali allison
amelia millie milly amy
aminah amina aminata ameena
andrew andy drew andreas andrei andrzej andre
angela angie angelika
anita nita
ann anne anna annie nan nancy ana hannah hanna
anthony tony antony antonio anton antoni toni
archibald archie
arthur art artur
barbara babs barb basia
beatrice bea bee trixie beatriz
benjamin ben benny benji binyamin
bernard bernie bernadette
bilal bilaal
bogdan bodzio
caitlin kaitlin katelyn caitlyn kaitlyn caitlinn
callum calum cal
cameron cam
carolina caroline carrie caro carol karolina
catherine katherine kathryn cathy kathy kate katie kat cath katy kitty catriona katarzyna kasia ekaterina caterina katharine
charles charlie charlotte chas chuck charley lottie carlos karol
chidera dera
chimamanda ama
chukwuemeka emeka
christian cristian
christopher chris christine christina tina kris kristina krzysztof kit topher cristina christos
claire clare klara clara
daniel dan danny danielle dani daniela daniele
david dave davey dai davide dawid daoud dawud
deborah debbie debra deb
dennis denis den denny
dominic dom dominik nick
dorothy dot dotty
edward ed eddie ned eduardo edwin eddy
eleanor ellie nell nora elinor ella elena helen helena eleni ellen
elijah eli ilyas elias
elizabeth liz lizzie beth betty libby eliza lisa elsie bess betsy elisabeth elspeth elzbieta lizzy bethany lily lilly
emily em emmy emilia
emmanuel manny emanuel manuel
esther ester hester
ewa eva eve evie evelyn
faisal faysal feisal
farhan farhaan
fatima fatimah fatma fatoumata faatimah fatou
florence flo flossie
frances francis fran frankie frank francesca francesco francisco franciszek franek chico
gabriel gabe gabriella gabrielle gabby
george georgie georgia georgina jorge jerzy georgios gina
gerald gerry jerry gerard
gillian gill jill jillian
grace gracie
gregory greg grzegorz gregor
gwendolyn gwen
hamza hamzah hamse
harold harry henry hal hank harriet hattie henrik enrique
hasan hassan hasaan
hussain husain hussein hussain husayn
ibrahim ibraheem abraham abe ebrahim ibrahima
imran imraan
isaac ishaq isaak
isabella isabel isobel bella izzy isabelle izabela issy ysabel belle
ishmael ismail ismael ismaeel
isla ayla
jacob jake jakob jakub kuba yakub yaqub
jacqueline jackie jacqui
james jamie jim jimmy jem diego jaime
janet janice
jason jay jayson
jaden jayden jaydon jaiden
jennifer jen jenny jenna
jeremy jem
jessica jess jessie
joan joanna jo joanne joanie johanna
john jack johnny jon jonathan johnnie jonny ian sean shaun shawn juan joao jan johan ion ioan giovanni
jordan jordon jordyn
joseph joe joey josephine josie jose giuseppe jozef josef
joshua josh
judith judy jude
julia julie juliet jules julian juliana
kelly kelley
kenneth ken kenny
kevin kev
kofi koffi
kwame kwamena
khadija khadijah kadija hadija khadeeja
khalid khaled xalid
lauren laurie lauryn
lawrence larry laurence lorenzo lauren
leah lea
leo leon leonard lenny len leonardo
lewis louis lou louie louise luis
lucy lucille lucia lucie
luke lucas luca lukas lukasz
madison maddie maddy madeleine madeline
magdalena magda
malgorzata gosia malgosia margaret maggie meg peggy marge daisy greta margarita megan rita
marcus mark marc marek marco marcos
maria mary marie maryam mariam molly polly mia miriam mariamu mair
martin marty marcin martyn
matilda tilly mattie tilda
matthew matt matty mateusz mateo matthias mathew
maximilian max maxwell maxim maxine
mehmet mehmed
melissa mel melanie missy
michael mike mick micky mikey michal mikhail michaela miguel micheal michele mihai mikaeel
mohammed mohamed muhammad mohammad mohamad muhammed mohamud mohamoud mamadou muhamed mo mohd mohammod
mustafa mustapha moustafa
nadia nadya
natalie nat natalia nathalie natasha tasha
nathan nathaniel nate
nicholas nick nicky nicola nicole nico nikolas nicolas mikolaj
nuur nur noor
oliver ollie olly olivia liv livvy oliwia
omar umar omer umer cumar
osman usman uthman ousmane cusman
oluwaseun seun
oluwatobi tobi
oluwaseyi seyi
oluwadamilola damilola dami
olufemi femi
patrick pat paddy patricia trish tricia patrycja patryk
paul pauline paula pawel pablo paolo
peter pete piotr pedro
philip phil phillip pip philippa pippa
priya priyah
pritpal preet
rachel rach rachael raquel
rahim raheem
rebecca becky becca bex rebekah
reggie reginald reg
richard rich rick ricky dick rico ricardo richie ryszard
robert rob bob bobby robbie bert roberto robin bobbie
ronald ron ronnie
rosemary rose rosie rosa rosalind roza
ryan rian ryon
sabrina brina
safiya safiyah sofia sophia sophie zofia safia
said saeed sayeed syed sayed
samuel sam sammy samantha samira samir
sarah sara sally sadie saara
sebastian seb
shanice shaniece
simon sy szymon simeon
stanislaw stan stanley staszek
stephen steve steven stevie stephanie steph stefan stefania esteban
sulaiman suleiman suleyman soloman solomon sol
susan sue susie suzanne susannah sukie zuzanna zuzia
tanisha tanesha
tariq tarek tarik
teresa theresa tess tessa terry terence terri terrence
theodore theo ted teo
thomas tom tommy tomasz tomas tomaz
timothy tim timmy
tobias toby
tyler ty
tyrone ty
victoria vicky vic tori vikki wiktoria victor viktor
vincent vince vinny vincenzo
vladimir vova
walter walt wally
wayne dwayne duane
william will bill billy liam willy willie wilhelm guillermo
yasmin yasmine jasmine jasmin jaz yasmeen
yusuf yousef yousuf youssef yusef yuusuf
zachary zach zak zack zakariya zakaria zakariyya zekeriya
zainab zaynab zeinab zaynap zeynep
zahra zara zahara zarah
"""


def families() -> dict[str, str]:
    """The family of each forename, folded: the first name of the first family that holds it. A name in two families makes one of both."""
    root: dict[str, str] = {}

    def top(name: str) -> str:
        while root[name] != name:
            name = root[name]
        return name

    for line in FAMILIES.strip().splitlines():
        first, *others = line.split()
        root.setdefault(first, first)
        for name in others:
            if name in root:
                root[top(name)] = top(first)
            else:
                root[name] = top(first)
    return {name: top(name) for name in root}
