/**
 * Weights of words, classes and places in hundredths; written by `tests/bench/likeness_train.ts`.
 *
 * @module
 */

/** Score of a sentence that has nothing. */
export const LIKENESS_BASE = -3.08;

const TEXT = `
c:above=65 c:aboveall=30 c:addressee=-77 c:advised=-135 c:also=43 c:alter=50 c:always=75 c:another=27 c:answer=29 c:approved=59 c:ask=-25 c:asked=61
c:asked-belongings=90 c:asked-inner=99 c:asked-privy=64 c:askperson=-44 c:authority=57 c:autoconfirm=35 c:bad=88 c:badhost=53 c:becalled=33
c:because=12 c:belittle=47 c:belongings=20 c:best=12 c:biased=54 c:carrier=19 c:ceremony=-24 c:choose=-15 c:claimed=89 c:codegen=31 c:comment=23
c:confirm=19 c:convo=107 c:covert=20 c:datalink=64 c:dealings=25 c:describing=-113 c:despite=157 c:destroy=27 c:doing=-24 c:duty=30 c:eachtime=28
c:embedded=21 c:everyone=90 c:everything=26 c:excuse=66 c:exfil=62 c:exfildet=28 c:exfils=51 c:exposed=78 c:fallback=-72 c:far=28 c:first=34
c:fixed=23 c:followedby=68 c:force=79 c:forceflag=-32 c:forceweak=57 c:foreign=84 c:foundin=-63 c:gone=44 c:goods=12 c:grantverb=60 c:heed=53
c:hiddenfrom=92 c:hostile=54 c:hushed=124 c:iban=76 c:identity=19 c:ignore=131 c:imagelink=61 c:imperative=83 c:inner=67 c:install=73 c:instead=-31
c:instructionsof=11 c:into=22 c:invoked=50 c:its=26 c:jail=48 c:jailoff=12 c:keep=18 c:know=10 c:money=16 c:move=50 c:named=67 c:need=-36
c:needless=-30 c:needs=-49 c:neg=-20 c:netact=-14 c:noway=-29 c:obey=40 c:order=50 c:orelse=30 c:orelseweak=19 c:other=38 c:othertool=70
c:othertools=68 c:outside=94 c:outsides=117 c:over=50 c:param=27 c:path=102 c:pay=-28 c:personal=14 c:phone=70 c:pkg=38 c:place=96 c:plant=24
c:prefer=32 c:pretend=94 c:prior=60 c:privy=55 c:proceed=-15 c:put=32 c:quant=80 c:rawurl=89 c:reach=14 c:reader=-13 c:receives=14 c:regardless=67
c:remember=40 c:replaces=56 c:riskytool=125 c:rivals=56 c:role=81 c:rolemark=37 c:rules=15 c:runtime=20 c:sayso=50 c:scope=19 c:secret=59
c:secretfile=141 c:shell=92 c:shellpipe=47 c:shield=38 c:ship=12 c:should=15 c:showing=-13 c:soft=-11 c:step=38 c:stranger=74 c:stray-belongings=25
c:stray-inner=58 c:stray-privy=88 c:strongtag=72 c:switchto=57 c:tag=84 c:takedet=-23 c:takelast=71 c:tell=115 c:tellfirst=82 c:telling=90
c:telllast=51 c:tells=-14 c:them=35 c:this=-81 c:toolname=26 c:trigger=73 c:triggerweak=36 c:unasked=170 c:unless=-114 c:untrue=50 c:update=53
c:urge=67 c:url=126 c:user=52 c:verdict=76 c:wallet=74 c:weaken=51 c:whose=109 c:without=59 c:yours=33 c:yourself=46 p:description=24 p:elsewhere=-140
p:opening=-124 p:parameter=-143 w:abap=-23 w:abbreviation=-100 w:able=-58 w:abort=-58 w:about=-18 w:abov=-34 w:absent=-59 w:absolut=-88
w:absolutemonth=-37 w:absoluteyear=-37 w:abstract=-69 w:abus=-58 w:accent=-33 w:accept=-39 w:acceptabl=-80 w:acces=-66 w:access=-37 w:accessibl=-82
w:accomplish=-51 w:accord=30 w:accordion=-33 w:account=17 w:accuracy=-88 w:accurat=-69 w:achiev=-68 w:acknowledg=-64 w:acme=11 w:acros=-96 w:act=65
w:action=-88 w:actionabl=-49 w:activ=-50 w:activit=-48 w:activity=-39 w:actor=-43 w:actual=-119 w:adapt=20 w:addition=-38 w:additional=25
w:additiv=-66 w:addres=-30 w:address=-28 w:adjust=26 w:adjustment=34 w:admin=13 w:administrativ=-65 w:administrator=33 w:adult=-98 w:advic=-72
w:advis=37 w:advisor=-49 w:affect=-79 w:after=18 w:against=-72 w:age=-118 w:agent=45 w:aggregat=-78 w:ago=-42 w:ahead=60 w:aid=-60 w:air=-48
w:aircraft=-24 w:airlin=-20 w:airplan=-58 w:airport=-68 w:akamai=-52 w:aks=-47 w:alarm=35 w:alert=-64 w:alg=17 w:algorithm=-79 w:alia=-149
w:aliexpres=-50 w:align=-18 w:allocation=-32 w:allow=-68 w:along=63 w:alpha=-27 w:alphabetical=-49 w:alphanumeric=-60 w:already=-46 w:als=60 w:alt=-97
w:alter=-54 w:alternat=21 w:although=-70 w:altitud=-124 w:alway=-15 w:amazon=-78 w:ambiguou=-86 w:amenit=-71 w:amenity=-24 w:america=-73
w:american=-48 w:amlf=-84 w:among=-58 w:amount=17 w:analysi=-149 w:analyst=-59 w:analytic=26 w:analyz=-114 w:analyzer=-54 w:android=-59 w:angl=-42
w:angular=-97 w:anim=-81 w:animat=-31 w:animenam=-46 w:annotat=-71 w:annotation=-77 w:announc=-82 w:annual=-39 w:anonymou=-34 w:answer=46 w:ant=23
w:anterior=58 w:anthropic=20 w:anyon=-38 w:anyth=-14 w:apart=-82 w:apex=-107 w:api=-62 w:apiversion=-58 w:app=-86 w:appconfig=-40 w:append=14
w:appl=31 w:applicabl=-104 w:application=-58 w:apply=-14 w:appoint=-62 w:appointment=-92 w:approach=-25 w:appropriat=-110 w:approval=19
w:approximat=-92 w:arabic=-33 w:architectur=-36 w:archiv=19 w:area=-124 w:arg=-131 w:argu=73 w:argument=-28 w:aris=-29 w:ark=-63 w:arm=-17
w:around=-80 w:array=-217 w:arrival=-68 w:articl=-130 w:artifact=-86 w:artifactid=-35 w:artist=-47 w:arxiv=-55 w:asap=-67 w:asc=-116 w:ascend=-66
w:ascii=-34 w:asia=-56 w:aspect=-14 w:aspos=-86 w:assess=-44 w:asset=-82 w:assign=-111 w:assignedto=-51 w:assignment=-96 w:assistant=39
w:associat=-254 w:association=-105 w:assum=-123 w:async=-42 w:asynchronou=-12 w:asynchronous=-60 w:atla=-101 w:attach=-30 w:attachment=-43
w:attack=-75 w:attacker=-48 w:attempt=-136 w:attend=16 w:attende=-10 w:attractiv=-41 w:attribut=-62 w:attributiv=-82 w:audienc=-65 w:audio=-123
w:audit=-14 w:aura=-80 w:australia=-48 w:auth=-10 w:authenticat=-62 w:authentication=-139 w:author=-43 w:authoris=22 w:authoritativ=-27 w:authority=33
w:authoriz=-27 w:authorization=-65 w:auto=-62 w:autocomplet=-79 w:autoemb=-67 w:automat=-22 w:automatical=-161 w:automobil=-36 w:availability=-94
w:availabl=-46 w:avant=44 w:averag=31 w:await=-74 w:aws=-57 w:axi=-102 w:azd=-62 w:azur=-168 w:back=-52 w:backend=33 w:backlog=-34 w:backoff=-103
w:backup=41 w:backward=18 w:bad=-111 w:balanc=-18 w:bank=49 w:banner=-31 w:bar=-55 w:barcod=-14 w:bare=-42 w:bas=-108 w:base=-141 w:baseball=-45
w:bash=-31 w:basic=-143 w:batch=-77 w:bcc=-16 w:bear=-94 w:bearer=-46 w:becaus=40 w:becom=-28 w:befor=-20 w:beforehand=60 w:begin=34 w:beginn=-86
w:behalf=-14 w:behav=46 w:behavior=-88 w:behaviour=-11 w:behind=25 w:bei=-57 w:being=-38 w:belong=-31 w:below=-14 w:benchmark=-73 w:benutzer=39
w:beta=15 w:better=57 w:between=23 w:beyond=-92 w:bicep=-49 w:bike=-43 w:bill=-30 w:bin=-27 w:binanc=-55 w:binary=-19 w:bing=-77 w:bit=19
w:bitcoin=-52 w:bitwarden=-59 w:black=-47 w:blank=-94 w:blind=-27 w:bloat=-104 w:blob=-12 w:block=-37 w:blockchain=-66 w:blog=-62 w:blue=-35 w:bmi=-21
w:board=30 w:bod=-43 w:body=-42 w:boolean=-99 w:boost=-57 w:border=-84 w:borough=-50 w:bot=-34 w:both=-33 w:bottom=20 w:boundar=-50 w:braf=-55
w:branch=-100 w:branchnam=-34 w:brand=-46 w:brav=-35 w:break=-49 w:breakdown=-50 w:brief=-93 w:bring=16 w:broad=-69 w:btc=-65 w:bucket=-34 w:bug=-23
w:bugfix=-50 w:build=-16 w:buildstatu=-61 w:built=28 w:bulk=-59 w:bus=-42 w:busines=-141 w:business=-37 w:button=-102 w:buy=12 w:bypas=-54
w:bypass=-93 w:byt=-52 w:cach=30 w:cafe=-64 w:calculat=-41 w:calculation=28 w:calculator=69 w:calendar=-72 w:calendarid=-130 w:california=-46
w:call=53 w:caller=-23 w:came=49 w:campaign=-68 w:campo=60 w:canada=-59 w:cancel=25 w:cancell=-118 w:cancellation=21 w:cannot=-75 w:canonical=12
w:canva=-36 w:cap=-105 w:capabilit=-67 w:capability=-106 w:capacity=-82 w:capital=-36 w:capp=-45 w:captcha=-64 w:captur=-74 w:car=-77 w:card=39
w:careful=-122 w:carr=-52 w:carrier=-41 w:cart=-42 w:cas=41 w:cascad=-71 w:case=67 w:cash=-25 w:cast=-47 w:catalog=-99 w:catalogu=-65 w:categor=-30
w:categorical=-49 w:categoriz=-81 w:category=-103 w:caution=-69 w:ccrecipient=-42 w:cell=-101 w:celsiu=-61 w:center=-138 w:central=-92 w:certain=-22
w:certificat=-43 w:chain=-91 w:champion=-87 w:chang=-72 w:changekey=-162 w:changetyp=-41 w:chapter=-43 w:char=-45 w:character=-74 w:characteristic=-57
w:charg=-72 w:chart=-45 w:chat=40 w:chatbot=-35 w:cheaper=-15 w:cheapest=40 w:check=-19 w:checkbox=-29 w:checklist=-38 w:checklistitem=-62
w:checkout=-23 w:chemical=-44 w:child=-138 w:children=-123 w:china=-36 w:chines=-60 w:chmod=40 w:choic=14 w:choos=-10 w:chos=-87 w:chosen=-42
w:chrom=-26 w:chunk=-29 w:cid=-26 w:circleci=-209 w:cit=-37 w:citation=-18 w:cite=-25 w:city=-125 w:clarify=-73 w:clas=27 w:class=25 w:classic=-65
w:classification=-72 w:classifier=-14 w:claud=17 w:claus=-70 w:cleanup=-17 w:clear=-57 w:cli=-100 w:clickup=-57 w:climat=-68 w:clinic=29
w:clinical=-90 w:clipboard=-16 w:clockwis=-21 w:clon=-80 w:cloud=-100 w:cluster=-32 w:cmyk=-47 w:cocktail=-52 w:cod=-110 w:code=-99 w:codebas=-30
w:coin=-185 w:collect=61 w:collection=-138 w:collectionid=-41 w:colleg=-20 w:colon=-53 w:color=-81 w:colour=-28 w:column=-12 w:com=-49 w:combin=-132
w:combination=-87 w:comma=-42 w:command=-94 w:commander=-138 w:commit=-102 w:committ=-23 w:common=-76 w:communication=-47 w:community=-46 w:comp=21
w:compact=-64 w:compan=-59 w:companion=41 w:company=-32 w:compar=-53 w:comparison=-85 w:compatibility=-31 w:compatibl=-36 w:competition=-65
w:competitor=36 w:complet=-23 w:completion=-113 w:complex=-80 w:complianc=30 w:component=-182 w:compos=-62 w:composer=-36 w:composition=-35
w:comprehensiv=-119 w:compress=-60 w:compression=-58 w:comput=11 w:concept=-65 w:concern=44 w:concis=-61 w:condition=-127 w:condo=-24 w:conf=58
w:conferenc=-18 w:confidential=60 w:config=18 w:configur=-25 w:configurabl=-42 w:configuration=-30 w:confirm=-34 w:confirmation=-40 w:conflict=-168
w:connect=37 w:connection=-62 w:connectionstr=-112 w:connectivity=-44 w:connector=17 w:consent=19 w:consist=-58 w:consistency=-29
w:consistencylevel=-90 w:consistent=-29 w:consol=-54 w:construct=-86 w:consult=42 w:consumer=-78 w:consumption=-49 w:contactfolder=-61
w:contactfolderid=-95 w:contain=-18 w:container=-26 w:containerapp=-62 w:contenttyp=-77 w:context=-131 w:continuou=-78 w:contract=25 w:contrast=-41
w:contributor=-30 w:controll=-45 w:convention=-113 w:conversation=-41 w:conversationid=-113 w:converter=-16 w:convey=-34 w:cook=49 w:cooki=29
w:coordinat=-137 w:cop=-14 w:copilot=-23 w:copy=32 w:cor=-47 w:core=-53 w:corp=43 w:correct=48 w:correction=-75 w:correspond=-143 w:cosmo=-60
w:cost=-42 w:count=64 w:counter=39 w:countr=-142 w:country=-32 w:countrycod=-112 w:county=-39 w:cours=-32 w:coverag=-56 w:covid=-29 w:cpu=-43
w:crash=16 w:crawl=-75 w:creat=-92 w:createdby=-106 w:createdon=-48 w:createworkspac=-49 w:creation=-78 w:creativ=-37 w:creator=-68 w:credential=-25
w:credit=-31 w:cricket=-23 w:criteria=-63 w:critical=-100 w:crm=-49 w:cron=-32 w:cros=-33 w:crypto=-123 w:cryptocurrenc=-58 w:cryptocurrency=-32
w:css=-70 w:csv=-103 w:ctx=-73 w:curat=-38 w:curb=-55 w:curl=-46 w:currenc=-104 w:currency=-63 w:current=-51 w:cursor=-14 w:custom=-89 w:customer=-46
w:customization=-72 w:cut=51 w:czech=-60 w:dan=67 w:dangerou=-37 w:dark=-57 w:dash=-53 w:dashboard=-32 w:dat=21 w:data=-46 w:databas=28 w:datadog=-25
w:dataset=-124 w:datasourc=-64 w:date=-109 w:datei=43 w:datetim=-62 w:daylight=24 w:daysofweek=-17 w:ddl=-54 w:ddthh=-34 w:ddtoyyyy=-21
w:deactivat=-72 w:death=-24 w:debugg=42 w:december=-75 w:decid=-12 w:decision=-100 w:declin=-87 w:decr=-59 w:decrypt=-41 w:dedicat=-63 w:deep=-56
w:deeper=-39 w:default=-55 w:deferr=-33 w:defi=-37 w:defin=-83 w:definition=-35 w:degr=-68 w:degre=-48 w:delay=-89 w:delegat=-92 w:delet=-56
w:deleteworkspac=-34 w:deletion=-16 w:delimit=-94 w:delivery=62 w:delta=-113 w:deltalink=-79 w:demand=26 w:demo=-54 w:democratic=-98 w:demonstrat=-50
w:den=-26 w:deni=12 w:deny=-52 w:depart=-27 w:departur=-41 w:depend=-22 w:dependenc=-12 w:dependent=-52 w:deploy=-103 w:deployment=19 w:deprecat=-17
w:depth=-73 w:der=24 w:deriv=-74 w:des=27 w:desc=-114 w:descend=-15 w:describ=-25 w:descriptiv=-41 w:design=-101 w:designer=-63 w:desir=-62
w:desirabl=-38 w:desktop=-129 w:despit=-53 w:destination=29 w:destructiv=-17 w:detach=-43 w:detail=-38 w:detect=-81 w:detection=-29 w:determin=-150
w:dev=29 w:develop=-35 w:developer=41 w:devic=-10 w:devin=-23 w:devop=-135 w:diablo=-70 w:diagnos=-53 w:diagnostic=-30 w:diagram=-46 w:dialog=-39
w:dict=-93 w:dictionar=-44 w:dictionary=-97 w:die=46 w:diff=-58 w:differ=-43 w:differenc=-35 w:difficulty=-46 w:digest=20 w:digit=-19 w:dimension=-61
w:dir=-94 w:direct=-62 w:direction=-84 w:directiv=39 w:director=-166 w:directory=-38 w:disabl=41 w:disaster=-36 w:discord=-32 w:discount=21
w:discover=-139 w:discovery=-77 w:discuss=32 w:discussion=-92 w:diseas=-72 w:disk=36 w:display=-108 w:displaynam=-109 w:disregard=40 w:distanc=-61
w:distinct=-44 w:distinguish=-87 w:distribution=-103 w:district=-29 w:div=-84 w:divers=-36 w:dividend=-42 w:division=-52 w:dna=52 w:dns=-11
w:docker=34 w:docu=-111 w:document=29 w:documentation=-192 w:dog=-51 w:doi=-23 w:domain=-42 w:done=-24 w:dot=-63 w:doubl=-137 w:down=38 w:download=-62
w:downloadabl=-23 w:draft=-40 w:drag=-50 w:draw=-50 w:drawn=-91 w:driv=-42 w:driveid=-151 w:driveitem=-68 w:driveitemid=-222 w:dropp=-54 w:drug=-65
w:dry=25 w:dsn=-77 w:dst=-80 w:due=51 w:dump=72 w:dung=12 w:duplicat=-21 w:dutch=-35 w:dynamic=-92 w:each=39 w:ear=-60 w:earlier=56 w:earn=-68
w:earth=-38 w:easi=-31 w:east=18 w:eastern=-64 w:eastu=-67 w:easy=11 w:echo=27 w:edg=-45 w:edge=-62 w:edgegrid=-52 w:edit=-53 w:editor=-11
w:education=-50 w:effect=-94 w:effectiv=-50 w:efficiency=-82 w:efficient=-57 w:effort=-52 w:egypt=-24 w:eht=101 w:ein=-50 w:either=-167 w:elastic=-58
w:ele=-122 w:element=-112 w:elevation=-46 w:else=47 w:email=-115 w:emailaddres=-62 w:emailaddress=-53 w:embedd=23 w:emergency=-33 w:emitt=-65
w:emoji=-15 w:employ=23 w:employe=-80 w:empty=-38 w:emulator=-54 w:enabl=-11 w:encod=21 w:encoder=18 w:encryption=44 w:end=53 w:enddat=-85
w:enddatetim=-50 w:endpiont=-42 w:endpoint=-152 w:endtim=-34 w:endyear=-62 w:enforc=19 w:engag=-70 w:engin=-18 w:english=-68 w:enhanc=37 w:enormou=-42
w:enough=-68 w:enroll=-51 w:ensur=-39 w:enter=-53 w:enterpris=-38 w:entir=-123 w:entit=-105 w:entity=-222 w:entr=-68 w:entra=-100 w:entry=-68
w:enum=-33 w:enumeration=-38 w:env=60 w:environ=-48 w:environment=-25 w:environmentid=-90 w:episod=-28 w:eps=-44 w:equal=-52 w:equity=-33
w:equivalent=-93 w:eras=-25 w:error=-22 w:escap=-74 w:eslint=-26 w:especial=-49 w:essential=-90 w:esta=-11 w:establish=-83 w:estat=-79 w:estimat=-12
w:estimation=-57 w:etag=-121 w:etc=-12 w:etf=-61 w:eth=-65 w:ethereum=-37 w:eur=33 w:euro=-40 w:europ=-58 w:evaluat=11 w:evaluation=-39 w:even=71
w:event=-98 w:eventid=-121 w:eventual=-90 w:every=32 w:everyon=55 w:everyth=77 w:evidenc=15 w:evolv=-22 w:exact=-138 w:examin=-37 w:exampl=-51
w:exce=-93 w:exceed=-20 w:excel=-128 w:except=-86 w:exception=-62 w:excerpt=-48 w:exchang=38 w:exclud=-28 w:exclusion=-11 w:exclusiv=-97 w:execut=36
w:execution=-114 w:executiv=-40 w:exercis=-57 w:exfiltrat=39 w:exist=-121 w:existenc=-24 w:exit=-37 w:expand=-84 w:expect=-12 w:expens=-47
w:experienc=-45 w:expert=-12 w:expir=-52 w:expiration=-104 w:expirationdatetim=-40 w:expireson=-48 w:explain=-67 w:explicit=-128 w:exploit=-37
w:explor=-72 w:explorer=-33 w:exponential=-93 w:export=-52 w:expos=-78 w:expres=-81 w:express=-75 w:expression=-15 w:ext=29 w:extend=39
w:extension=-72 w:external=13 w:extra=33 w:extract=-104 w:extraction=-89 w:extrem=-26 w:eye=-54 w:fac=-12 w:facet=-89 w:facilit=-53 w:facility=-78
w:fact=-104 w:fahrenheit=-50 w:failur=-57 w:fake=28 w:fall=-23 w:fallback=-67 w:fami=22 w:fan=-26 w:far=32 w:fast=11 w:faster=-13 w:fastest=-69
w:fastmcp=-57 w:favicon=-74 w:featur=-56 w:fee=22 w:feed=-72 w:feedback=-129 w:femal=-50 w:fetch=-53 w:few=35 w:fewer=-94 w:fff=-80 w:field=11
w:fieldmap=-105 w:figma=-44 w:figur=64 w:fil=-16 w:file=-17 w:fileattach=-72 w:filenam=-102 w:filepath=-95 w:filesystem=22 w:fill=14 w:film=33
w:filter=-121 w:filterabl=-44 w:financ=32 w:financial=-77 w:find=-63 w:finish=10 w:finshort=-14 w:fire=-15 w:firebas=-86 w:firecrawl=-85 w:firewall=52
w:first=20 w:fit=-123 w:fixtur=-21 w:flagg=13 w:flagstatu=-74 w:flat=-69 w:flaticon=-95 w:fleet=-67 w:flexibl=-39 w:flight=-24 w:float=-105
w:flow=-123 w:flutter=-73 w:fmp=-14 w:focu=-46 w:focus=-113 w:folder=-57 w:follow=15 w:follower=-88 w:followerschang=-54 w:font=-92 w:forc=-14
w:forecast=-114 w:foreground=-59 w:foreign=-103 w:form=-55 w:formal=-52 w:format=-98 w:formatt=-38 w:forum=-43 w:forward=15 w:found=35 w:foundry=-83
w:four=-60 w:frag=-40 w:fram=14 w:framework=-80 w:franc=-39 w:francisco=-54 w:free=32 w:freebusyread=-55 w:french=-43 w:freq=-49 w:frequency=43
w:fresh=-12 w:friday=-43 w:friend=-133 w:fromdat=-30 w:front=22 w:frontend=-68 w:ful=-93 w:fulfill=14 w:full=-38 w:function=30 w:functional=-28
w:functionality=-58 w:fund=-103 w:fundamental=-43 w:further=41 w:fus=-43 w:futur=-132 w:fuzzy=-87 w:gam=-80 w:game=-101 w:gap=-44 w:gas=-64
w:gate=-135 w:gather=17 w:gbp=-52 w:gemini=-70 w:gen=-39 w:gene=-91 w:general=-89 w:generat=-66 w:generation=-81 w:generator=-38 w:generic=-111
w:genetic=-49 w:genomic=-40 w:genr=-130 w:geocod=-50 w:geographic=-84 w:geographical=-44 w:geolocation=-85 w:geometry=-62 w:german=-56 w:germany=-37
w:get=-128 w:getapicatalogservic=-62 w:getgroup=-61 w:gett=-96 w:getteamuser=-61 w:getworkspac=-59 w:gif=-98 w:giphy=-45 w:git=11 w:github=60
w:gitlab=-184 w:gitremoteurl=-106 w:giv=27 w:give=-51 w:given=-57 w:global=-15 w:goal=-117 w:goggl=-87 w:going=-58 w:good=-21 w:googl=-107 w:got=-57
w:gov=-46 w:governanc=-73 w:gpg=-52 w:gpt=-45 w:graceful=-88 w:grant=49 w:granular=-48 w:granularity=-32 w:graph=-136 w:graphql=-115 w:great=-62
w:greater=-98 w:greek=-45 w:green=-45 w:grep=-80 w:grid=-44 w:grok=-34 w:ground=-63 w:group=-98 w:groupid=-43 w:growth=-24 w:guardrail=-27 w:gues=-55
w:guess=-88 w:guest=15 w:guid=-71 w:guidanc=-51 w:hand=26 w:handl=-148 w:happen=18 w:hard=-49 w:hash=-14 w:hashtag=-72 w:hasmor=-54 w:hav=-62
w:hawk=-76 w:head=-55 w:header=-111 w:health=21 w:healthy=38 w:height=-146 w:hello=-50 w:help=-20 w:helper=77 w:helpful=-77 w:henc=15 w:here=48
w:hex=15 w:hexadecimal=-57 w:hgv=-55 w:hid=-42 w:hidden=76 w:hide=-75 w:hierarchical=-99 w:hierarchy=-54 w:high=-22 w:higher=-36 w:highest=-21
w:highlight=-37 w:histogram=-40 w:histor=-57 w:historic=-54 w:historical=-120 w:history=42 w:hit=-102 w:hold=-21 w:holder=-69 w:home=60 w:homepag=-48
w:hook=49 w:horizontal=-26 w:hostpool=-55 w:hotel=-20 w:hous=-63 w:hover=-43 w:how=-71 w:however=-12 w:hpa=-82 w:href=-67 w:hsl=-47 w:html=-34
w:http=-50 w:hubspot=-137 w:huge=-16 w:hulu=-66 w:human=-27 w:hybrid=-37 w:hyperlink=-53 w:hyphen=-67 w:hypothesi=-55 w:iana=-66 w:iata=-82 w:ico=-83
w:icon=13 w:idea=-45 w:ideal=-64 w:idempotent=-55 w:identif=-137 w:identifi=-27 w:identification=-34 w:identifier=-141 w:identify=-41 w:identity=-23
w:ids=-196 w:ifram=-66 w:ignor=-29 w:ignora=69 w:iid=-111 w:imag=-70 w:imdb=-71 w:img=12 w:impact=-62 w:imperial=-44 w:impl=-78 w:implement=-71
w:implementation=-31 w:implicit=-81 w:import=17 w:importanc=-51 w:inbox=-20 w:inch=-43 w:incident=-16 w:includ=-46 w:includeheader=-26 w:inclusiv=-90
w:incom=-23 w:incorporat=-61 w:incr=-56 w:increas=-10 w:incremental=-56 w:indentation=-89 w:independent=26 w:index=-54 w:india=-65 w:indicat=-201
w:indication=-46 w:indicator=-59 w:individual=-81 w:indonesian=-35 w:industry=21 w:infer=-67 w:inferenc=-44 w:inferr=-45 w:influenc=-41 w:info=-81
w:inform=11 w:information=-32 w:infrastructur=-69 w:ingres=-17 w:inhalt=30 w:inherit=-93 w:init=-35 w:initial=-137 w:initiat=24 w:injection=-90
w:inlin=-52 w:inner=-46 w:insid=-39 w:inspect=-163 w:instagram=-44 w:install=33 w:installation=-96 w:instanc=-72 w:instant=-68 w:instead=-45
w:institution=-69 w:instruction=-13 w:insufficient=-120 w:int=-101 w:integer=-12 w:integrat=-79 w:integration=-93 w:integrity=46 w:intelligenc=-35
w:intelligent=-20 w:intend=-55 w:intent=-115 w:interact=-88 w:interaction=-51 w:interactiv=-83 w:interest=24 w:interfac=44 w:internal=-38
w:international=-45 w:internet=-84 w:interpret=-93 w:interpretation=-74 w:intersection=-51 w:interval=-109 w:intraday=-67 w:introduc=-49 w:invalid=-35
w:inventory=-48 w:invert=53 w:invest=-74 w:investigat=21 w:investor=-50 w:invit=-19 w:invite=-48 w:invoic=34 w:invok=60 w:involv=-34 w:ios=-59
w:iphon=-37 w:ips=-29 w:irrelevant=-61 w:irrespectiv=68 w:irreversibl=-68 w:iso=-92 w:isonlinemeet=-54 w:issu=-87 w:issueid=-63 w:issuer=-26
w:issueurl=-48 w:ist=-53 w:italian=-39 w:item=-195 w:itemattach=-71 w:iteration=-83 w:itself=-74 w:jan=-61 w:january=-36 w:japan=-71 w:japanes=-55
w:jar=21 w:javascript=-118 w:jest=-36 w:jira=-58 w:job=-17 w:join=-22 w:jok=-51 w:joke=-53 w:jose=-79 w:journal=-36 w:jpeg=-53 w:jpg=-15 w:json=-31
w:jsr=-50 w:jsrf=-45 w:judg=-75 w:jwt=-62 w:kanji=-46 w:kept=32 w:key=-23 w:keyboard=-22 w:keychain=13 w:keyid=-45 w:keyword=-69 w:khong=-11
w:kill=-48 w:kilogram=-61 w:kilometer=-47 w:kind=-76 w:knowledg=-19 w:known=-13 w:kong=-44 w:kpa=-45 w:kql=-87 w:kubeconfig=-44 w:kubectl=16
w:kubernet=-31 w:kusto=-51 w:label=62 w:lack=19 w:land=-39 w:landscap=-60 w:languag=-12 w:larg=-66 w:larger=-66 w:last=20 w:lat=-86 w:latency=-48
w:later=45 w:latin=-36 w:latitud=-52 w:launch=-61 w:law=-28 w:layer=-30 w:layout=-81 w:lds=-77 w:lead=-14 w:leaderboard=-71 w:leagu=-75 w:leak=25
w:learn=-52 w:least=-82 w:leav=18 w:ledger=-96 w:left=-30 w:legacy=-35 w:legal=23 w:legend=-43 w:length=-115 w:les=20 w:letter=51 w:level=-60
w:leverag=-35 w:lexical=-59 w:librar=-89 w:library=-90 w:librosa=-56 w:licenc=43 w:licens=-26 w:lifetim=-46 w:light=-70 w:lightn=-47 w:lightweight=-55
w:like=-142 w:limit=-42 w:limitedread=-55 w:lin=-31 w:line=-29 w:linear=-57 w:link=-95 w:linkedin=-57 w:linkedresourc=-77 w:linod=-28 w:lint=18
w:liquid=-74 w:liquidity=-26 w:listfollowedproject=-81 w:liv=-74 w:live=-23 w:llama=-17 w:llm=-65 w:load=-23 w:local=-66 w:localiz=-72
w:localizednam=-30 w:locat=-121 w:location=-107 w:lock=-14 w:logg=21 w:logic=14 w:logical=-87 w:login=-16 w:logo=-61 w:lon=-57 w:london=-54 w:long=-28
w:longer=-27 w:longitud=-49 w:look=15 w:looksup=-61 w:lookup=34 w:loop=36 w:los=23 w:lost=-60 w:lot=-45 w:low=-135 w:lowercas=-113 w:lustr=-35
w:lwc=-91 w:machin=53 w:maco=-54 w:made=41 w:mail=-13 w:mailbox=-41 w:mailfolder=-108 w:mailfolderid=-139 w:main=-82 w:mainnet=-54 w:maintain=-39
w:maintainer=38 w:maintenanc=42 w:major=-85 w:mak=-42 w:make=-24 w:male=-34 w:manag=-102 w:manager=-45 w:mandatory=-39 w:manifest=-58 w:manual=-132
w:many=-128 w:map=-56 w:mapp=-33 w:mark=-77 w:markdown=19 w:marker=-68 w:market=-37 w:marketplac=-62 w:mask=-56 w:match=-84 w:material=-58
w:mathematical=15 w:matter=-46 w:maven=-65 w:max=-92 w:maximum=-164 w:mcp=-75 w:mean=-20 w:meaningful=-65 w:meant=-83 w:media=-102 w:medical=-31
w:medium=-98 w:meet=-17 w:member=-128 w:membership=17 w:memento=-38 w:memo=49 w:memory=17 w:mention=80 w:mentionschang=-81 w:menu=-47 w:merg=-25
w:mergerequestiid=-34 w:messag=-80 w:messageid=-144 w:messagerul=-32 w:messy=-32 w:meta=-30 w:metabas=-54 w:metadata=-76 w:meter=-77 w:method=-205
w:metric=-15 w:microsoft=-71 w:microsoftentra=-78 w:middl=-62 w:midnight=-68 w:migrat=-99 w:migration=-40 w:mil=-47 w:mileston=-59 w:million=20
w:millisecond=-72 w:mime=-113 w:min=-24 w:mind=-43 w:mini=-24 w:minimal=-100 w:minimum=-89 w:minor=-80 w:mint=-62 w:minut=-15 w:miro=-27 w:mirror=29
w:miss=-55 w:mistak=-74 w:mma=-17 w:mnemonic=-69 w:mobil=-96 w:mock=-126 w:mod=-131 w:mode=-30 w:moderat=-80 w:modern=-41 w:modif=-26 w:modifi=-57
w:modification=-76 w:modify=-54 w:modul=-54 w:moment=42 w:monday=-142 w:money=33 w:mongodb=-102 w:monitor=-138 w:monocolor=-39 w:month=-93 w:moon=-36
w:more=-131 w:most=13 w:motorsport=-37 w:mount=27 w:mov=-13 w:move=-79 w:movi=-91 w:mph=-85 w:mrs=-55 w:much=-79 w:multi=-52 w:multicolor=-52
w:multilingual=-29 w:multipl=-74 w:municipality=-47 w:museum=-50 w:music=-64 w:mutat=-130 w:mutation=-72 w:mutual=-91 w:myapp=-15 w:mysql=-120
w:mystorageaccount=-62 w:myvariant=-46 w:nam=16 w:name=-39 w:namespac=-33 w:narrow=-120 w:national=-59 w:nativ=-79 w:natural=-37 w:navigation=-55
w:nct=-40 w:near=-41 w:nearby=-88 w:nearest=-92 w:need=-22 w:negativ=-11 w:neighborhood=-76 w:neither=-77 w:nest=-91 w:net=19 w:netflix=-49 w:netrc=67
w:network=-88 w:neutral=-76 w:never=-50 w:new=-65 w:newlin=-48 w:newspaper=-49 w:next=-92 w:nextcursor=-84 w:nextlink=-116 w:nft=-81 w:nginx=-37
w:nguoi=16 w:nicht=56 w:ninja=-41 w:nod=-67 w:node=-111 w:nois=23 w:non=-112 w:none=-40 w:nonempty=-46 w:normaliz=-95 w:north=44 w:not=-26 w:nota=54
w:notation=-86 w:notbefor=-48 w:note=43 w:notebook=-135 w:noth=22 w:notic=17 w:notification=-118 w:notificationurl=-43 w:notify=-22 w:notion=-89
w:now=63 w:npm=22 w:npmrc=26 w:ntlm=-80 w:null=-154 w:num=-56 w:number=-39 w:numeric=-95 w:numerical=-50 w:nutzer=15 w:oauth=24 w:obey=63
w:object=-131 w:objecttyp=-33 w:observ=-53 w:observation=-72 w:obtain=-35 w:occurr=-53 w:occurrenc=-141 w:ocean=-61 w:ocr=-31 w:odata=-129 w:odd=-41
w:off=23 w:offer=18 w:official=36 w:offset=-65 w:often=-55 w:ohlcv=-22 w:okay=-122 w:older=26 w:oldest=-51 w:omit=-153 w:omitt=-39 w:one=52
w:onedriv=-64 w:onenot=-87 w:ongo=-63 w:onlin=-77 w:onlinemeet=-87 w:onlinemeetinginfo=-21 w:only=-89 w:onto=-42 w:opaqu=-54 w:open=28 w:openai=-13
w:openapi=-49 w:openshift=-19 w:operat=-129 w:operation=-62 w:operational=-31 w:operator=16 w:optimal=-51 w:optimiz=-61 w:optimization=-32
w:option=-156 w:optional=-152 w:opu=-64 w:orchestrat=-43 w:order=33 w:orderby=-87 w:orderhintsbyassigne=-47 w:ordinary=-129 w:org=-115
w:organisation=14 w:organiz=-59 w:organization=-206 w:organizationslug=-107 w:organizer=-72 w:orientation=-56 w:origin=56 w:original=-108
w:originat=-98 w:oscillator=-23 w:osm=-54 w:other=23 w:othernam=-43 w:otherwis=28 w:otp=-39 w:outcom=-10 w:outdat=19 w:outer=-133 w:outgo=-19
w:outlin=-70 w:outlook=-100 w:outlookcategory=-29 w:overall=-102 w:overlap=23 w:overrid=-74 w:overview=-112 w:overwritten=-58 w:own=-69 w:owner=-34
w:ownerid=-67 w:ownership=-108 w:pacific=-47 w:pack=-117 w:pag=-51 w:page=-96 w:pageid=-40 w:paginat=-125 w:pagination=-198 w:paid=27 w:pair=-164
w:palett=-93 w:panda=-31 w:paper=-33 w:para=-48 w:paragraph=24 w:parallel=-32 w:param=-144 w:parameter=-101 w:parametro=62 w:parent=-43
w:parenthes=-47 w:pari=-53 w:park=-53 w:pars=-64 w:part=18 w:partial=-128 w:particular=-110 w:partner=16 w:party=-58 w:pas=-94 w:pass=-63 w:passag=11
w:passphras=-74 w:passport=28 w:password=-85 w:past=-12 w:path=-118 w:pattern=-71 w:paus=-30 w:pay=21 w:paye=33 w:payload=-16 w:payment=60 w:pdf=13
w:pem=-33 w:pend=-27 w:peopl=19 w:percent=70 w:percentag=-133 w:percentcomplet=-33 w:perfect=-58 w:perform=-82 w:performanc=-96 w:period=-47
w:permalink=-62 w:permanent=-43 w:permission=-15 w:permit=13 w:permitt=44 w:perplexity=-37 w:person=-37 w:personal=-12 w:personalis=36 w:pet=-83
w:pga=-46 w:phas=-96 w:phish=-73 w:photo=20 w:php=-52 w:phras=-33 w:physical=-90 w:pick=56 w:pid=-72 w:pie=12 w:piec=-42 w:pin=-59 w:pinecon=-42
w:ping=-80 w:pip=38 w:pipelin=-44 w:pixel=-93 w:plaid=-70 w:plain=40 w:plan=-89 w:plann=-29 w:planner=-18 w:plannerbucket=-40 w:plannertask=-47
w:plannertaskid=-116 w:plant=-76 w:platform=-48 w:player=-68 w:playground=-104 w:playlist=-53 w:playwright=-59 w:pleas=23 w:plu=-48 w:plugin=-34
w:pmid=-34 w:point=-14 w:pointer=-134 w:polic=-83 w:policy=-25 w:poll=-158 w:polylin=-76 w:pool=-53 w:pop=-42 w:popular=-30 w:popularity=-35
w:populat=-74 w:population=-68 w:port=-12 w:portfolio=19 w:portugues=-33 w:position=14 w:possibl=-94 w:postal=-112 w:poster=-35 w:postgr=-71
w:postgresql=-127 w:postman=-194 w:potential=-59 w:pour=13 w:power=-51 w:powerful=-47 w:powerpoint=-55 w:pragu=-25 w:prd=-65 w:pre=14 w:preced=39
w:precedenc=-20 w:precis=21 w:precision=-60 w:precondition=37 w:predefin=-33 w:predict=-60 w:prediction=-73 w:prefer=-68 w:preferenc=-25 w:preferr=-65
w:premium=63 w:prepar=-36 w:prepend=32 w:preprint=-33 w:present=38 w:presentation=-88 w:preserv=-48 w:preset=-49 w:press=-41 w:pressur=-59
w:preview=-39 w:previou=-34 w:previous=-34 w:pric=-78 w:primary=-118 w:principal=-107 w:print=-12 w:prior=77 w:prioritiz=11 w:priority=-28
w:privacy=18 w:privat=45 w:pro=-21 w:problem=-100 w:proc=-24 w:proceed=-22 w:proces=-124 w:process=-110 w:prod=27 w:product=-60 w:professional=-54
w:profil=-11 w:program=-83 w:programm=-52 w:programmatical=-40 w:progres=-33 w:project=-151 w:projectid=-62 w:projection=-43 w:projectslug=-97
w:projecturl=-42 w:promot=-94 w:promotion=-85 w:prompt=-45 w:proof=19 w:proper=-19 w:propert=-197 w:property=-231 w:propos=19 w:proprietary=-39
w:protect=22 w:protection=-12 w:protocol=-24 w:provid=-129 w:provider=-49 w:provinc=-109 w:provision=-48 w:prox=-69 w:proxy=-80 w:prun=-63 w:pub=-50
w:public=13 w:publication=-47 w:publish=-59 w:publisher=-56 w:pubm=-72 w:pull=-75 w:punctuation=-36 w:purchas=-32 w:pure=-52 w:purpos=20 w:push=18
w:python=-36 w:qualifi=-61 w:quality=10 w:quantit=19 w:quarter=-43 w:que=39 w:queri=-53 w:query=-28 w:quick=-10 w:quiet=47 w:quot=-51 w:quota=-24
w:radiu=-76 w:rais=-17 w:random=12 w:randomnes=-53 w:rang=-11 w:rank=-10 w:rapidapi=-66 w:rat=-94 w:rate=-19 w:ratio=-92 w:raw=-28 w:rbac=-37
w:react=-40 w:reaction=-110 w:readability=-75 w:readabl=-15 w:readines=-44 w:readm=-39 w:ready=-118 w:real=14 w:realiz=-49 w:realtim=-56 w:realtor=-22
w:reason=82 w:rebas=-42 w:recall=-57 w:receipt=16 w:receiv=-11 w:receiveddatetim=-99 w:recip=-75 w:recipient=-85 w:recognition=-70 w:recogniz=-59
w:recommend=53 w:recommendation=-24 w:record=-14 w:recover=-40 w:recreat=-25 w:recurr=-62 w:recurrenc=-125 w:recursiv=23 w:red=-69 w:redemption=-51
w:redi=-29 w:redirect=-51 w:reduc=-107 w:reel=-40 w:refer=-137 w:referenc=-143 w:referenceattach=-25 w:reflect=-67 w:reflectiv=-36 w:refresh=11
w:refund=-74 w:refus=-40 w:regardles=-33 w:regex=-66 w:region=-62 w:regionurl=-71 w:register=-73 w:registration=-28 w:registry=11 w:regular=-72
w:reject=-50 w:relat=-89 w:relation=-85 w:relationship=-79 w:relativ=-77 w:relativemonth=-37 w:relativeyear=-37 w:relay=28 w:releas=-96 w:relevanc=-12
w:reliability=-113 w:remain=-25 w:remark=60 w:remember=-39 w:remind=-69 w:reminder=-106 w:remot=-27 w:removal=-61 w:renam=-18 w:render=46 w:rent=-86
w:reopen=-77 w:reorder=-53 w:rep=-36 w:repeat=-86 w:repl=-16 w:replac=-37 w:replay=-109 w:replica=-57 w:replyto=-30 w:repo=-91 w:repositor=23
w:repository=-83 w:repositoryid=-41 w:represent=-131 w:representation=-77 w:request=-14 w:requestid=-42 w:requir=-65 w:requirement=-63 w:rerank=-158
w:reranker=-53 w:research=-127 w:reserv=-59 w:reset=-31 w:residential=-44 w:resolution=-83 w:resolv=-52 w:resourc=-147 w:resourcegroup=-40
w:resourcetyp=-57 w:respectiv=-77 w:respond=-36 w:respons=-118 w:rest=-57 w:restor=-40 w:restriction=24 w:result=-15 w:resum=-75 w:retain=-55
w:retr=-95 w:retriev=-110 w:retrieval=-34 w:retry=-45 w:return=-98 w:reus=-15 w:revenu=11 w:revers=-57 w:review=-12 w:reviewer=-35 w:revis=-83
w:revision=-62 w:revok=-65 w:rewrit=17 w:rfc=-22 w:rgb=-82 w:rgba=-34 w:rich=-62 w:riddl=-69 w:right=25 w:riot=-40 w:risk=-54 w:rms=-35 w:rocket=-43
w:rol=-129 w:role=-36 w:roll=28 w:rollback=-40 w:room=43 w:root=11 w:rotat=-55 w:rough=-96 w:round=15 w:router=-86 w:routin=22 w:row=29 w:rpc=-64
w:rsa=51 w:rss=-34 w:rugby=-28 w:rul=-16 w:rule=-60 w:run=-64 w:runn=-25 w:runtim=-16 w:russian=-48 w:safe=12 w:said=39 w:sal=-89 w:salary=-66
w:sale=-49 w:salesforc=-78 w:same=-52 w:sampl=-61 w:san=26 w:sarif=-72 w:satisfi=-53 w:saturday=-36 w:sav=50 w:say=45 w:scal=-93 w:scan=-54
w:scanner=-40 w:scatter=-50 w:scenario=-109 w:schem=-58 w:schema=-98 w:school=-88 w:scim=-46 w:scop=-45 w:scor=-23 w:scrap=-174 w:screenshot=-145
w:script=-23 w:scroll=-43 w:sdk=-98 w:sea=-45 w:search=-79 w:season=-12 w:seat=43 w:second=-56 w:secret=-36 w:section=-58 w:sectiongroup=-37
w:sector=-53 w:secur=60 w:security=32 w:securityid=-59 w:see=-31 w:seed=-32 w:seem=23 w:seen=-28 w:seg=-150 w:segment=-58 w:sein=-57 w:select=-52
w:selection=-104 w:selector=-49 w:self=-65 w:sell=-23 w:seller=-82 w:semi=-49 w:sempr=-56 w:sender=-106 w:senegal=-45 w:sensitiv=-42 w:sent=-49
w:sentenc=-33 w:senti=-83 w:sentry=-133 w:seo=-24 w:seperat=-70 w:sepolia=-44 w:sequenc=-24 w:sequential=-71 w:ser=-71 w:serializ=-65
w:seriesmaster=-57 w:serp=-41 w:serv=-115 w:server=-17 w:serverresponseid=-95 w:servic=-67 w:session=32 w:set=-71 w:sett=-63 w:settl=43 w:sever=-66
w:severity=-12 w:sex=-44 w:sftp=-18 w:sha=-97 w:shadcn=-81 w:shap=-61 w:sharepoint=-48 w:shareuid=-73 w:shawshank=-29 w:sheet=-24 w:shop=46
w:shopify=-158 w:shopp=-78 w:short=-71 w:shorten=-20 w:show=-41 w:sibl=-53 w:side=-10 w:sign=-50 w:significanc=-45 w:significant=-68 w:silent=-73
w:similar=-52 w:similarity=-31 w:simp=24 w:simpl=-64 w:simplest=-59 w:simplifi=-115 w:simulat=-64 w:simultaneous=-35 w:sinc=47 w:singl=-170 w:sit=26
w:site=-51 w:sitecor=-33 w:sitemap=-64 w:six=-56 w:siz=-27 w:size=-88 w:skill=-83 w:skipp=22 w:sku=-35 w:slack=46 w:slash=-95 w:slid=-70 w:slot=42
w:slow=55 w:slug=-43 w:small=-129 w:smaller=-60 w:smart=-59 w:sms=-95 w:snapshot=-69 w:snippet=-13 w:socket=11 w:soft=-68 w:softwar=-19 w:solana=-57
w:solution=-90 w:solv=21 w:someon=-75 w:someth=-71 w:sometim=-57 w:son=18 w:song=-57 w:sonnet=-41 w:soon=51 w:sort=-53 w:sortby=-100 w:sound=24
w:sourc=-62 w:sourceid=-70 w:spaceid=-63 w:spacenam=-63 w:spam=-55 w:span=-100 w:spanish=-56 w:spe=26 w:spec=-116 w:special=15 w:specializ=-62
w:specif=-111 w:specifi=-180 w:specific=-216 w:specifical=-112 w:specification=-118 w:specify=-182 w:speculativ=-49 w:speech=-75 w:speed=-80
w:spellcheck=-45 w:spin=-59 w:split=-19 w:spok=-75 w:sponsor=-25 w:sport=-69 w:spotify=27 w:sqft=-58 w:sql=-44 w:sqlit=-80 w:squar=-60 w:squash=-81
w:src=30 w:sse=-77 w:ssh=72 w:ssl=-117 w:ssz=-36 w:stabl=32 w:stag=-15 w:stal=25 w:stand=33 w:standalon=-40 w:standard=-51 w:star=11 w:start=-63
w:startdat=-55 w:startdatetim=-29 w:startup=-11 w:startyear=-62 w:stat=13 w:statefulset=-37 w:statement=50 w:static=-95 w:station=14 w:statistic=-42
w:status=-74 w:statuscod=-55 w:stay=-31 w:step=-62 w:sticker=-29 w:still=-33 w:stock=-119 w:stop=-63 w:stopp=-79 w:stor=-49 w:storag=-48
w:storageaccount=-21 w:story=-66 w:str=-91 w:straight=-70 w:strateg=-36 w:strategy=-137 w:stream=-45 w:streamabl=-77 w:street=-110 w:strength=-30
w:strict=-87 w:stringifi=-52 w:strok=-114 w:strong=29 w:structur=-120 w:study=-63 w:sub=-102 w:subdirector=-56 w:subfolder=-52 w:subject=-48
w:submission=-60 w:submit=38 w:subscriber=-74 w:subscription=-158 w:subscriptionid=-83 w:substr=-49 w:subtask=-96 w:subtitl=-56 w:subtopic=-50
w:succ=28 w:succeed=-19 w:succes=-140 w:successful=-101 w:sudo=63 w:sudoer=-32 w:suffix=-62 w:suggest=-12 w:suggestion=-15 w:suit=-41 w:suitabl=-62
w:summaris=-33 w:summariz=-86 w:summary=-55 w:summoner=-58 w:sunday=-28 w:supabas=-64 w:supersed=27 w:supp=30 w:supply=-18 w:support=-54 w:sure=-52
w:surfac=-83 w:suspend=15 w:svg=-85 w:swap=28 w:swedish=-44 w:switch=31 w:symbol=-54 w:sync=40 w:synchronization=-33 w:syntax=-105 w:synthesi=-49
w:synthesiz=-45 w:system=31 w:systemenvironmentid=-67 w:tab=27 w:tabl=-78 w:tag=-36 w:tagg=-120 w:tak=14 w:taken=-13 w:talk=30 w:target=-54 w:task=-89
w:taskid=-38 w:taskmaster=-54 w:tax=-56 w:tcp=-37 w:tdd=-30 w:team=-113 w:teamid=-64 w:teammat=-78 w:teamsforbusines=-33 w:teardown=-24 w:technical=25
w:technology=-57 w:telemetry=-44 w:telephon=-105 w:tell=-82 w:temp=-70 w:templat=-22 w:temporary=21 w:ten=17 w:tenant=-96 w:terminal=32 w:terminat=31
w:terraform=-11 w:text=27 w:textur=-71 w:tft=-32 w:them=-17 w:themselv=-11 w:thing=-43 w:think=-75 w:third=28 w:though=58 w:thought=-155 w:thread=-167
w:threadid=-33 w:threshold=-79 w:through=34 w:thumbnail=-201 w:thumbsup=-43 w:thursday=-41 w:tib=-51 w:ticker=-101 w:ticket=-27 w:tide=-22 w:tier=-71
w:tiktoc=-53 w:til=25 w:tile=-29 w:time=-91 w:timefram=-101 w:timeout=-21 w:timestamp=-107 w:timezon=-121 w:tiny=-60 w:tip=-144 w:titl=-69 w:tld=-41
w:tls=-28 w:tmdb=-55 w:tobago=-32 w:todat=-30 w:todoist=-57 w:todotask=-51 w:todotaskid=-106 w:todotasklist=-59 w:todotasklistid=-149 w:toggl=-56
w:tokyo=-54 w:told=51 w:tomorrow=32 w:top=-29 w:topic=-56 w:torecipient=-62 w:torrent=-57 w:total=-164 w:touch=-92 w:tour=-56 w:tourna=-39
w:tournid=-67 w:toward=-36 w:townhous=-42 w:tqx=-53 w:trac=44 w:track=-166 w:trad=-108 w:traditional=-24 w:trail=-42 w:train=-64 w:transaction=-79
w:transcript=26 w:transfer=21 w:transferr=-46 w:transform=-73 w:translat=-30 w:translation=23 w:transport=-81 w:transportation=-47 w:trash=13
w:treat=-43 w:tree=-73 w:trend=-62 w:tri=-72 w:trial=-107 w:trigger=-73 w:trinidad=-32 w:trip=-100 w:troubleshoot=-74 w:tru=-37 w:true=-87
w:truncat=-108 w:trust=29 w:truth=22 w:try=-70 w:tuesday=-36 w:tun=25 w:tvl=-43 w:tweet=-81 w:twitter=-73 w:txt=-45 w:typ=-71 w:type=-136
w:typescript=-40 w:typical=-102 w:tzinfo=-25 w:uganda=-23 w:uid=-59 w:ukrainian=-53 w:ultra=-35 w:unabl=-52 w:unavailabl=-93 w:unchang=-93
w:uncomplet=-57 w:und=57 w:underly=-39 w:underscor=-62 w:understand=-55 w:undon=-85 w:unifi=-93 w:union=28 w:uniqu=-166 w:unit=-63 w:universal=-35
w:university=-24 w:unix=-65 w:unles=-21 w:unlik=-67 w:unlimit=-64 w:unlock=-30 w:unpublish=-41 w:unread=-54 w:unrelat=-51 w:unresolv=-71
w:unrestrict=-42 w:unsaf=-21 w:unset=-105 w:unstag=-75 w:unsupport=-18 w:unsur=-20 w:until=-56 w:untrack=-86 w:unus=-55 w:upcom=-50 w:updat=-80
w:updatedon=-48 w:updateworkspac=-49 w:upload=-47 w:upon=16 w:upper=-65 w:upsert=-67 w:upstream=-105 w:urban=-14 w:urgent=-45 w:uri=-109 w:url=-151
w:urlencod=-27 w:usa=-73 w:usabl=-56 w:usag=-36 w:usar=23 w:usd=-101 w:use=-43 w:used=-73 w:useful=-136 w:user=-22 w:userid=-84 w:usernam=-124
w:usernameoralia=-33 w:using=-77 w:usual=-43 w:usuario=26 w:utc=-167 w:utf=-50 w:utiliz=-34 w:uuid=-95 w:uule=-50 w:uzytkownika=14 w:vagu=-28
w:valid=-31 w:validat=-41 w:validity=-45 w:valorant=-36 w:valu=-69 w:valuabl=-68 w:valueerror=-61 w:var=48 w:variabl=-17 w:variant=-125 w:variou=-70
w:vat=-64 w:vault=-139 w:vector=-125 w:vectorsearch=-113 w:vehicl=-52 w:velocity=-19 w:vendor=18 w:venu=-53 w:verbatim=-37 w:verif=23 w:verifi=29
w:verification=-47 w:verify=-20 w:version=-12 w:vertical=-23 w:video=-110 w:viewer=11 w:viewport=-61 w:villag=-17 w:violation=-102 w:virtual=-74
w:virtualmachin=-21 w:visibility=-31 w:visibl=-50 w:visit=-13 w:visual=-48 w:visualiz=-71 w:visualization=-58 w:voic=-46 w:volum=-123 w:von=-71
w:vor=28 w:vot=43 w:wait=-67 w:walk=-60 w:wallet=12 w:wanna=-18 w:want=-16 w:warm=55 w:warn=-56 w:watch=-51 w:watchmod=-80 w:water=-57 w:way=-17
w:waypoint=-77 w:weather=26 w:web=-80 w:webp=-20 w:webpag=-77 w:websit=-80 w:weburl=-64 w:wednesday=-36 w:week=-16 w:weight=-96 w:welcom=-36
w:well=-14 w:werden=-50 w:wget=12 w:whatever=81 w:whatsapp=-102 w:whenever=55 w:whether=-192 w:whichever=37 w:whit=-64 w:whitespac=-82 w:whoami=16
w:whoi=-32 w:whom=-63 w:whos=-78 w:wich=-18 w:wichtig=-14 w:wide=-109 w:width=-114 w:wiki=-88 w:wikipedia=-70 w:win=-10 w:wind=-72 w:windsurf=-53
w:winn=49 w:wip=-46 w:wish=16 w:within=-96 w:without=-28 w:wnba=-13 w:word=13 w:work=-23 w:workbook=-103 w:workbooktableid=-103
w:workbookworksheetid=-141 w:worker=17 w:workflow=-87 w:workitem=-44 w:workitemnam=-46 w:workload=-44 w:worksheet=-58 w:workspac=-111
w:workspaceid=-84 w:workspaceroot=-103 w:world=-93 w:worldwid=-29 w:worth=-46 w:wrap=-115 w:writ=-63 w:writabl=-53 w:written=14 w:wrong=29 w:www=-86
w:xlsx=17 w:xml=-133 w:yahoo=-37 w:year=-111 w:yellow=-27 w:yes=39 w:yesterday=-48 w:yet=-87 w:yml=13 w:york=-80 w:yourself=35 w:youtub=-54
w:yyyy=-136 w:yyyymmdd=-25 w:yyyymmddhhmms=-27 w:zero=11 w:zip=-63 w:zipcod=-64 w:zon=-31 w:zone=-51 w:zoom=-95 w:zuruck=-39
`;

/** What each adds to the score of a sentence. */
export const LIKENESS_WEIGHTS: ReadonlyMap<string, number> = new Map(
  TEXT.trim().split(/\s+/).map((entry) => {
    const [name = "", weight = "0"] = entry.split("=");
    return [name, Number(weight) / 100];
  }),
);
