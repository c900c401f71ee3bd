// SPDX-License-Identifier: EUPL-1.2
#include "kits/search/overlay.h"

#include <algorithm>
#include <deque>
#include <span>

#include "base/check.h"

namespace verbund::search {
namespace {

constexpr std::size_t merge_factor = 6;   // a segment joins the one before it unless that is so many times its size
constexpr std::size_t most_joined = 300;  // documents; larger ones stay apart, so that no step has to copy much
constexpr std::size_t most_segments = 200;

struct Entry {
  std::uint32_t list;
  Posting posting;
};
struct PhraseEntry {
  std::uint64_t key;
  std::uint32_t document, boost;
};

std::shared_ptr<TextOverlay::Segment> make_segment(std::vector<Entry>& entries, std::vector<PhraseEntry>& phrases,
                                                   std::vector<std::uint32_t> documents) {
  std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) {
    return a.list != b.list ? a.list < b.list : a.posting < b.posting;
  });
  std::sort(phrases.begin(), phrases.end(), [](const PhraseEntry& a, const PhraseEntry& b) {
    return a.key != b.key ? a.key < b.key : a.document < b.document;
  });
  auto out = std::make_shared<TextOverlay::Segment>();
  out->postings.reserve(entries.size());
  for (const Entry& entry : entries) {
    if (out->lists.empty() || out->lists.back() != entry.list) {
      out->lists.push_back(entry.list);
      out->begin.push_back(static_cast<std::uint32_t>(out->postings.size()));
    }
    out->postings.push_back(entry.posting);
  }
  out->begin.push_back(static_cast<std::uint32_t>(out->postings.size()));
  for (const PhraseEntry& phrase : phrases) {
    out->phrases.push_back({phrase.key, phrase.boost});
    out->phrase_documents.push_back(phrase.document);
  }
  out->documents = std::move(documents);
  return out;
}

}  // namespace

std::span<const Posting> TextOverlay::Segment::of(std::uint32_t list) const {
  const auto at = std::lower_bound(lists.begin(), lists.end(), list);
  if (at == lists.end() || *at != list) return {};
  const auto which = static_cast<std::size_t>(at - lists.begin());
  return {postings.data() + begin[which], postings.data() + begin[which + 1]};
}

std::shared_ptr<const TextOverlay> TextOverlay::over(std::shared_ptr<const TextIndex> base) {
  std::shared_ptr<TextOverlay> out(new TextOverlay());
  out->documents_ = base->documents();
  out->place_.assign(base->documents(), in_base);
  out->words_ = std::make_shared<const OwnWords>();
  out->base_ = std::move(base);
  return out;
}

bool TextOverlay::holds(std::uint32_t list) const {
  for (std::size_t i = 0; i < segments_.size(); ++i) {
    for (const Posting posting : segments_[i]->of(list)) {
      if (place_[document_of(posting)] == i) return true;
    }
  }
  return false;
}

// The word as the overlay knows it, learnt if there is room; else nullptr.
const TextOverlay::Word* TextOverlay::learn(OwnWords::Additions& words, std::string_view folded) const {
  if (const Word* known = words.find(folded)) return known;
  const Dictionary& base = base_->words();
  Word word;
  word.text = folded;
  word.stem_text = base.stem(folded);
  if (word.stem_text.empty()) word.stem_text = folded;
  for (const Dictionary::Part& part : base.parts(folded).span()) {
    word.parts.push_back(part.stem * 2 + (part.leaf ? 1 : 0));
  }
  return words.add(std::move(word), base_->lists());
}

std::shared_ptr<const TextOverlay::Segment> TextOverlay::prepare(std::span<const Change> changes,
                                                                 std::shared_ptr<const OwnWords>& words) const {
  const Dictionary& known = base_->words();
  const Rules& rules = base_->rules();
  std::vector<float> means;
  for (std::size_t field = 0; field < rules.fields.size(); ++field) means.push_back(base_->mean_length(field));
  Preparer preparer(rules, known, base_->synonyms(), means);
  OwnWords::Additions own(words);
  struct Held {
    std::uint32_t stem = none;
    std::span<const std::uint32_t> parts;    // of the base, or of this addition
  };
  std::vector<Held> held;
  std::deque<std::vector<std::uint32_t>> split;   // parts of words whose stem alone is known
  std::vector<Entry> entries;
  std::vector<PhraseEntry> phrases;
  std::vector<std::uint32_t> documents;
  Prepared prepared;
  const auto hold = [&](const Draft& draft, const Draft::Said& said) -> Held {
    const std::string_view folded = draft.at(said.folded);
    if (const std::uint32_t form = known.find_form(folded); form != none) {
      return {known.stem_of(form), known.coded_parts(form)};
    }
    if (const std::uint32_t stem = known.stem_for(folded); stem != none) {
      std::vector<std::uint32_t>& parts = split.emplace_back();
      for (const Dictionary::Part& part : known.parts(folded).span()) parts.push_back(part.stem * 2 + (part.leaf ? 1 : 0));
      return {stem, parts};
    }
    const Word* word = learn(own, folded);
    if (word == nullptr) return {};
    own.mark(*word, said.field == Draft::known_only || rules.fields[said.field].strong, draft.at(said.shown));
    return {word->stem, word->parts};
  };
  // A new word counts in the prefix lists of its beginnings; words of one stem may differ in them, so all are asked.
  std::vector<TextIndex::PrefixShare> shares;
  const auto shares_of = [&](std::uint32_t stem) -> std::span<const TextIndex::PrefixShare> {
    if (stem < base_->stems()) return base_->prefixes_of(stem);
    shares.clear();
    own.each_of_stem(stem, [&](const Word& word) {
      if (!word.strong) return;
      for (std::size_t bytes = TextIndex::least_prefix; bytes <= word.text.size(); ++bytes) {
        const std::uint32_t list = base_->prefix_list(std::string_view(word.text).substr(0, bytes));
        if (list != none) shares.push_back({list, completion_weight(bytes, word.text.size())});
      }
    });
    return shares;
  };
  for (const Change& change : changes) {
    documents.push_back(change.document);
    if (change.draft == nullptr) continue;
    const Draft& draft = *change.draft;
    preparer.begin();
    held.resize(draft.words_.size());
    for (std::size_t i = 0; i < held.size(); ++i) {
      const Draft::Said& said = draft.words_[i];
      held[i] = hold(draft, said);
      if (held[i].stem != none && said.field != Draft::known_only) {
        preparer.add({held[i].stem, held[i].parts}, said.field);
      }
    }
    for (const Draft::Phrase& phrase : draft.phrases_) {
      std::vector<WordParts> parts;
      bool whole = true;
      for (std::uint32_t i = phrase.begin; i < phrase.end; ++i) {
        whole = whole && held[i].stem != none;
        parts.push_back({held[i].stem, held[i].parts});
      }
      if (whole) preparer.add_phrase(phrase.kind, parts);
    }
    preparer.finish(shares_of, prepared);
    for (const PreparedEntry& entry : prepared.entries) {
      entries.push_back({entry.list, change.document << 8 | entry.impact});
    }
    for (const PreparedPhrase& phrase : prepared.phrases) phrases.push_back({phrase.key, change.document, phrase.boost});
  }
  words = own.finish();
  return make_segment(entries, phrases, std::move(documents));
}

// Two neighbours as one, without what newer changes replaced. place_ is that of before the newer one came. What is there
// is in order already, so this goes through both once.
std::shared_ptr<const TextOverlay::Segment> TextOverlay::merged(std::size_t older_at, const Segment& newer) const {
  const Segment& older = *segments_[older_at];
  std::vector<std::uint8_t> counts(documents_, 0);
  std::size_t counted = 0;
  for (const std::uint32_t document : older.documents) {
    const bool does = place_[document] == older_at &&
                      !std::binary_search(newer.documents.begin(), newer.documents.end(), document);
    counts[document] = does ? 1 : 0;
    counted += does ? 1 : 0;
  }
  const bool all = counted == older.documents.size();
  auto out = std::make_shared<Segment>();
  out->lists.reserve(older.lists.size() + newer.lists.size());
  out->begin.reserve(older.begin.size() + newer.begin.size());
  out->postings.reserve(older.postings.size() + newer.postings.size());
  const auto span_of = [](const Segment& segment, std::size_t list) {
    return std::span(segment.postings).subspan(segment.begin[list], segment.begin[list + 1] - segment.begin[list]);
  };
  for (std::size_t a = 0, b = 0; a < older.lists.size() || b < newer.lists.size();) {
    const std::uint32_t list = b == newer.lists.size() || (a < older.lists.size() && older.lists[a] < newer.lists[b])
                                   ? older.lists[a] : newer.lists[b];
    const std::size_t first = out->postings.size();
    if (a < older.lists.size() && older.lists[a] == list) {
      for (const Posting posting : span_of(older, a++)) {
        if (all || counts[document_of(posting)] != 0) out->postings.push_back(posting);
      }
    }
    if (b < newer.lists.size() && newer.lists[b] == list) {
      const std::size_t middle = out->postings.size();
      const auto added = span_of(newer, b++);
      out->postings.insert(out->postings.end(), added.begin(), added.end());
      if (middle > first && added.front() < out->postings[middle - 1]) {
        const auto begin = out->postings.begin();
        std::inplace_merge(begin + static_cast<std::ptrdiff_t>(first), begin + static_cast<std::ptrdiff_t>(middle),
                           out->postings.end());
      }
    }
    if (out->postings.size() == first) continue;
    out->lists.push_back(list);
    out->begin.push_back(static_cast<std::uint32_t>(first));
  }
  out->begin.push_back(static_cast<std::uint32_t>(out->postings.size()));
  out->phrases.reserve(older.phrases.size() + newer.phrases.size());
  out->phrase_documents.reserve(older.phrases.size() + newer.phrases.size());
  for (std::size_t a = 0, b = 0; a < older.phrases.size() || b < newer.phrases.size();) {
    const auto key = [](const Segment& segment, std::size_t at) {
      return std::pair(segment.phrases[at].key, segment.phrase_documents[at]);
    };
    const bool take_older = b == newer.phrases.size() || (a < older.phrases.size() && key(older, a) < key(newer, b));
    const Segment& from = take_older ? older : newer;
    const std::size_t at = take_older ? a++ : b++;
    if (take_older && !all && counts[from.phrase_documents[at]] == 0) continue;
    out->phrases.push_back(from.phrases[at]);
    out->phrase_documents.push_back(from.phrase_documents[at]);
  }
  out->documents.reserve(counted + newer.documents.size());
  for (const std::uint32_t document : older.documents) {
    if (counts[document] != 0) out->documents.push_back(document);
  }
  const auto middle = static_cast<std::ptrdiff_t>(out->documents.size());
  out->documents.insert(out->documents.end(), newer.documents.begin(), newer.documents.end());
  std::inplace_merge(out->documents.begin(), out->documents.begin() + middle, out->documents.end());
  return out;
}

std::shared_ptr<const TextOverlay> TextOverlay::with(std::span<const Change> changes) const {
  if (changes.empty()) return shared_from_this();
  std::vector<Change> last(changes.begin(), changes.end());   // one of each document, ascending
  std::stable_sort(last.begin(), last.end(), [](const Change& a, const Change& b) { return a.document < b.document; });
  std::vector<Change> distinct;
  for (std::size_t i = 0; i < last.size(); ++i) {
    if (i + 1 == last.size() || last[i + 1].document != last[i].document) distinct.push_back(last[i]);
  }
  std::shared_ptr<TextOverlay> out(new TextOverlay());
  out->base_ = base_;
  out->words_ = words_;
  std::shared_ptr<const Segment> newest = prepare(distinct, out->words_);
  // Like the carry of a number: small segments join, so that there are few and each word is copied seldom.
  std::size_t kept = segments_.size();
  const auto joins = [&](std::size_t older) {
    return older <= newest->documents.size() * merge_factor && older + newest->documents.size() <= most_joined;
  };
  while (kept > 0 && (joins(segments_[kept - 1]->documents.size()) || kept >= most_segments)) {
    newest = merged(kept - 1, *newest);
    --kept;
  }
  out->segments_.assign(segments_.begin(), segments_.begin() + static_cast<std::ptrdiff_t>(kept));
  out->segments_.push_back(std::move(newest));
  out->documents_ = std::max(documents_, distinct.back().document + 1);
  VERBUND_CHECK(out->documents_ <= most_documents);
  out->place_ = place_;
  out->place_.resize(out->documents_, removed);   // numbers never used so far
  const auto number = static_cast<std::uint8_t>(kept);
  for (const std::uint32_t document : out->segments_.back()->documents) {
    if (out->place_[document] != removed || document >= documents_) out->place_[document] = number;
  }
  for (const Change& change : distinct) out->place_[change.document] = change.draft == nullptr ? removed : number;
  std::vector<std::uint32_t> added;
  for (const Change& change : distinct) added.push_back(change.document);
  std::set_union(changed_.begin(), changed_.end(), added.begin(), added.end(), std::back_inserter(out->changed_));
  return out;
}

std::size_t TextOverlay::bytes() const {
  std::size_t out = place_.capacity() + changed_.capacity() * 4;
  for (const auto& segment : segments_) {
    out += (segment->lists.capacity() + segment->begin.capacity() + segment->postings.capacity()) * 4 +
           segment->phrases.capacity() * 16 + segment->phrase_documents.capacity() * 4;
  }
  return out + words_->bytes();
}

}  // namespace verbund::search
