/**
 * English words that say nothing about what a tool does. Verbs and nouns that
 * tools are named by (`get`, `list`, `all`, `file`) are not among them.
 */
export const STOP_WORDS: ReadonlySet<string> = new Set(
  `additionally afterwards anyway besides certain currently finally furthermore give hello help hence interested kindly lastly maybe moreover must need needs perhaps provide quite really secondly still thanks therefore using various way wish wonder wondering yet a about above after again against also am an and any are as at be because been before being below
  between both but by can cannot could did do does doing down during each either else etc ever every for
  from had has have having he her here hers him his how however i if in into is it its itself just let like
  may me might mine must my myself no nor not now of off on once only onto or other our ours out over own
  please rather s same shall she should since so some such t than that the their theirs them then there
  these they this those through thus to too under until up upon us very via want wants was we were what
  when where whether which while who whom whose why will with within without would you your yours`
    .split(/\s+/),
);
