/**
 * Verbs that ask for the same kind of deed, in groups divided by commas;
 * written by hand from the language itself. Looser than words that mean the
 * same: they tell which verbs agree, and stand for each other at a low weight.
 */
export const VERB_KINDS = `
  ,
  get fetch retrieve obtain read load pull show view display print describe inspect open see access check return acquire,
  list enumerate browse show, search find lookup query locate discover seek explore look hunt,
  create add new make insert build generate compose produce register open post draft construct,
  generate produce render draw plot create make,
  update edit modify change alter set patch revise adjust amend replace rewrite refresh,
  delete remove erase drop destroy clear purge discard wipe unlink uninstall trash kill,
  send post publish deliver email share submit notify message broadcast transmit,
  write save store persist record put append, run execute launch start invoke perform trigger call evaluate,
  stop cancel abort halt terminate kill end close shutdown, start launch begin resume open boot activate,
  restart reboot reload reset, move rename relocate transfer, copy duplicate clone fork replicate,
  download fetch save export, upload import attach,
  convert transform translate change parse export encode decode,
  calculate compute count sum evaluate estimate measure determine solve,
  analyze analyse examine inspect assess evaluate investigate review study audit diagnose,
  compare diff contrast, validate verify check test confirm, enable activate allow, disable deactivate block,
  connect link join attach bind, disconnect detach unlink leave, subscribe follow watch monitor track,
  unsubscribe unfollow, install setup deploy, deploy release publish rollout, merge combine join concatenate,
  split divide separate, sort order rank, filter select, summarize summarise condense, translate localize,
  recommend suggest advise propose, plan schedule arrange book reserve, explain describe clarify,
  extract parse scrape crawl, navigate go visit browse open, click press tap push, type fill enter input,
  wait sleep pause, assign allocate grant give, revoke withdraw, approve accept, reject decline refuse deny,
  encrypt cipher, decrypt decipher, compress zip archive pack, decompress unzip unpack extract,
  backup archive snapshot, restore recover undo revert rollback, pay charge purchase buy order, sell trade,
  log record, comment reply respond answer, ask query question`;
