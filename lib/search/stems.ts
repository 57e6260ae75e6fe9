import { components } from "@orama/orama";
import { detach } from "./words.ts";

/** Forms that do not end like their word, and other ways to spell it. */
const FORMS = `
  bought:buy brought:bring built:build caught:catch chose:choose chosen:choose did:do done:do drawn:draw
  drew:draw driven:drive drove:drive found:find gave:give given:give got:get gotten:get gone:go held:hold
  hidden:hide kept:keep knew:know known:know left:leave lent:lend lost:lose made:make met:meet paid:pay
  ran:run rode:ride said:say saw:see seen:see sent:send shown:show slept:sleep sold:sell spent:spend
  spoke:speak spoken:speak stolen:steal taken:take taught:teach thought:think threw:throw thrown:throw
  told:tell took:take understood:understand went:go woke:wake won:win wore:wear written:write wrote:write
  children:child feet:foot men:man mice:mouse people:person teeth:tooth women:woman indices:index
  matrices:matrix vertices:vertex criteria:criterion media:medium analyses:analysis analyse:analyze
  analysed:analyze analysing:analyze authorise:authorize behaviour:behavior cancelled:cancel
  cancelling:cancel catalogue:catalog categorise:categorize centre:center colour:color colours:color
  customise:customize dialogue:dialog favourite:favorite favourites:favorite grey:gray
  initialise:initialize labelled:label labour:labor licence:license maximise:maximize metre:meter
  metres:meter minimise:minimize modelling:model normalise:normalize optimise:optimize
  organisation:organization organise:organize programme:program recognise:recognize summarise:summarize
  summarised:summarize synchronise:synchronize travelled:travel traveller:traveler travelling:travel
  visualisation:visualization visualise:visualize`;
const ENGLISH = /^[a-z]{3,}$/;
/** Words whose stem is remembered; a text of ever new words costs time, never memory. */
const MAX_KNOWN = 5_000;

/** Reduces a lower-case English word to its stem; other words stay as they are. */
export type Stemmer = (word: string) => string;

/** Makes a stemmer that remembers what it has seen. */
export function createStemmer(): Stemmer {
  const { stemmer = (word) => word } = components.tokenizer.createTokenizer({
    language: "english",
    stemming: true,
  });
  const forms = readForms();
  const known = new Map<string, string>();
  return (word) => {
    const before = known.get(word);
    if (before !== undefined) return before;
    const copy = detach(word);
    const stem = ENGLISH.test(copy) ? stemmer(forms.get(copy) ?? copy) : copy;
    if (known.size >= MAX_KNOWN) known.clear();
    known.set(copy, stem);
    return stem;
  };
}

function readForms(): ReadonlyMap<string, string> {
  return new Map(
    FORMS.trim().split(/\s+/).map((pair) => {
      const [form = "", word = ""] = pair.split(":");
      return [form, word];
    }),
  );
}
