// SPDX-License-Identifier: EUPL-1.2
#include "kits/search/overlay.h"

#include <algorithm>

#include "base/check.h"

namespace verbund::search {
namespace {

constexpr std::size_t merge_factor = 6;   // a segment joins the one before it unless that is so many times its size
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
  out->words_ = std::make_shared<const Words>();
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

const TextOverlay::Word* TextOverlay::find(std::string_view folded) const {
  if (words_->words.empty()) return nullptr;
  const auto at = words_->by_text.find(std::string(folded));
  return at == words_->by_text.end() ? nullptr : &words_->words[at->second];
}

std::uint32_t TextOverlay::find_stem(std::string_view stem) const {
  if (words_->words.empty()) return none;
  const auto at = words_->stems.find(std::string(stem));
  return at == words_->stems.end() ? none : at->second;
}

std::vector<const TextOverlay::Word*> TextOverlay::with_prefix(std::string_view prefix, std::size_t most) const {
  std::vector<const Word*> out;
  const auto begin = std::lower_bound(
      words_->order.begin(), words_->order.end(), prefix,
      [&](std::uint32_t word, std::string_view text) { return words_->words[word].text < text; });
  for (auto at = begin; at != words_->order.end() && out.size() < most; ++at) {
    if (!words_->words[*at].text.starts_with(prefix)) break;
    out.push_back(&words_->words[*at]);
  }
  return out;
}

std::vector<const TextOverlay::Word*> TextOverlay::corrections(std::string_view folded, std::size_t most) const {
  std::vector<const Word*> out;
  if (words_->words.empty()) return out;
  const Letters word(folded);
  if (word.count < Dictionary::least_correctable) return out;
  for (const std::uint32_t at : words_->order) {
    const Word& known = words_->words[at];
    const std::size_t a = known.text.size(), b = folded.size();
    if (!known.strong || (a > b ? a - b : b - a) > 4) continue;
    if (distance(word, Letters(known.text), 1) == 1) out.push_back(&known);
    if (out.size() == most) break;
  }
  return out;
}

// The number of a new word, learnt if there is room; else none.
std::uint32_t TextOverlay::learn(Words& words, std::string_view folded) const {
  if (const auto at = words.by_text.find(std::string(folded)); at != words.by_text.end()) return at->second;
  if (words.words.size() >= most_words) return none;
  const Dictionary& known = base_->words();
  Word word;
  word.text = folded;
  std::string_view stem = known.stem(folded);
  if (stem.empty()) stem = folded;
  const auto next = base_->lists() + static_cast<std::uint32_t>(words.stems.size());
  word.stem = words.stems.emplace(std::string(stem), next).first->second;
  if (word.stem == next) words.stem_words.emplace_back();
  for (const Dictionary::Part& part : known.parts(folded).span()) {
    word.parts.push_back(part.stem * 2 + (part.leaf ? 1 : 0));
  }
  const auto id = static_cast<std::uint32_t>(words.words.size());
  words.stem_words[word.stem - base_->lists()].push_back(id);
  words.words.push_back(std::move(word));
  words.by_text.emplace(std::string(folded), id);
  return id;
}

std::shared_ptr<const TextOverlay::Segment> TextOverlay::prepare(std::span<const Change> changes,
                                                                 std::shared_ptr<const Words>& words) const {
  const Dictionary& known = base_->words();
  const Rules& rules = base_->rules();
  std::vector<float> means;
  for (std::size_t field = 0; field < rules.fields.size(); ++field) means.push_back(base_->mean_length(field));
  Preparer preparer(rules, known, base_->synonyms(), means);
  std::shared_ptr<Words> grown;            // a copy, once there is a new word
  const auto grow = [&]() -> Words& {
    if (!grown) grown = std::make_shared<Words>(*words);
    return *grown;
  };
  struct Held {
    std::uint32_t stem = none;
    std::vector<std::uint32_t> parts;
  };
  std::vector<Entry> entries;
  std::vector<PhraseEntry> phrases;
  std::vector<std::uint32_t> documents;
  Prepared prepared;
  for (const Change& change : changes) {
    documents.push_back(change.document);
    if (change.draft == nullptr) continue;
    const Draft& draft = *change.draft;
    preparer.begin();
    std::vector<Held> held(draft.words_.size());
    for (std::size_t i = 0; i < held.size(); ++i) {
      const Draft::Said& said = draft.words_[i];
      const std::string_view folded = draft.at(said.folded);
      const bool strong = said.field == Draft::known_only || rules.fields[said.field].strong;
      held[i].stem = known.stem_for(folded);
      if (held[i].stem != none) {
        for (const Dictionary::Part& part : known.parts(folded).span()) {
          held[i].parts.push_back(part.stem * 2 + (part.leaf ? 1 : 0));
        }
      } else {
        Words& all = grow();
        if (const std::uint32_t id = learn(all, folded); id != none) {
          Word& word = all.words[id];
          word.strong = word.strong || strong;
          if (word.shown.empty()) word.shown = draft.at(said.shown);
          held[i] = {word.stem, word.parts};
        }
      }
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
    // A new word counts in the prefix lists of its beginnings; words of one stem may differ in them, so all are asked.
    std::vector<TextIndex::PrefixShare> shares;
    const Words& all = grown ? *grown : *words;
    const auto shares_of = [&](std::uint32_t stem) -> std::span<const TextIndex::PrefixShare> {
      if (stem < base_->stems()) return base_->prefixes_of(stem);
      shares.clear();
      for (const std::uint32_t id : all.stem_words[stem - base_->lists()]) {
        const Word& word = all.words[id];
        if (!word.strong) continue;
        for (std::size_t bytes = TextIndex::least_prefix; bytes <= word.text.size(); ++bytes) {
          const std::uint32_t list = base_->prefix_list(std::string_view(word.text).substr(0, bytes));
          if (list != none) shares.push_back({list, completion_weight(bytes, word.text.size())});
        }
      }
      return shares;
    };
    preparer.finish(shares_of, prepared);
    for (const PreparedEntry& entry : prepared.entries) {
      entries.push_back({entry.list, change.document << 8 | entry.impact});
    }
    for (const PreparedPhrase& phrase : prepared.phrases) phrases.push_back({phrase.key, change.document, phrase.boost});
  }
  if (grown) {
    grown->order.resize(grown->words.size());
    for (std::uint32_t i = 0; i < grown->order.size(); ++i) grown->order[i] = i;
    std::sort(grown->order.begin(), grown->order.end(), [&](std::uint32_t a, std::uint32_t b) {
      return grown->words[a].text < grown->words[b].text;
    });
    words = std::move(grown);
  }
  return make_segment(entries, phrases, std::move(documents));
}

// Two neighbours as one, without what newer changes replaced. place_ is that of before the newer one came.
std::shared_ptr<const TextOverlay::Segment> TextOverlay::merged(std::size_t older, const Segment& newer) const {
  std::vector<Entry> entries;
  std::vector<PhraseEntry> phrases;
  std::vector<std::uint32_t> documents;
  const auto take = [&](const Segment& segment, const auto& counts) {
    for (std::size_t list = 0; list < segment.lists.size(); ++list) {
      for (std::uint32_t i = segment.begin[list]; i < segment.begin[list + 1]; ++i) {
        if (counts(document_of(segment.postings[i]))) entries.push_back({segment.lists[list], segment.postings[i]});
      }
    }
    for (std::size_t i = 0; i < segment.phrases.size(); ++i) {
      if (!counts(segment.phrase_documents[i])) continue;
      phrases.push_back({segment.phrases[i].key, segment.phrase_documents[i], segment.phrases[i].boost});
    }
    for (const std::uint32_t document : segment.documents) {
      if (counts(document)) documents.push_back(document);
    }
  };
  take(*segments_[older], [&](std::uint32_t document) {
    return place_[document] == older &&
           !std::binary_search(newer.documents.begin(), newer.documents.end(), document);
  });
  take(newer, [](std::uint32_t) { return true; });
  std::sort(documents.begin(), documents.end());
  return make_segment(entries, phrases, std::move(documents));
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
  while (kept > 0 &&
         (segments_[kept - 1]->documents.size() <= newest->documents.size() * merge_factor || kept >= most_segments)) {
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
  for (const Word& word : words_->words) out += sizeof(Word) + word.text.size() + word.shown.size();
  return out;
}

}  // namespace verbund::search
