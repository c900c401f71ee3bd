// SPDX-License-Identifier: EUPL-1.2
#include "kits/search/index_builder.h"

#include <algorithm>
#include <future>
#include <iterator>

#include "base/check.h"
#include "base/text.h"
#include "kits/search/prepare.h"

namespace verbund::search {
namespace {

constexpr std::size_t most_fields = 16;
constexpr std::uint32_t dense_share = 16;        // lists of more than 1/16 of the documents stand as bytes too
constexpr std::uint32_t least_dense = 64;

}  // namespace

struct IndexBuilder::Postings {
  std::vector<std::uint32_t> list, posting;
  std::vector<std::uint8_t> field;
  struct Phrase {
    std::uint64_t key;
    std::uint32_t document, boost;
  };
  std::vector<Phrase> phrases;
};

IndexBuilder::IndexBuilder(std::shared_ptr<const Rules> rules) : rules_(std::move(rules)), slots_(1 << 16, 0) {
  VERBUND_CHECK(rules_->stemmer != nullptr && rules_->fields.size() <= most_fields);
  for (const PhraseKind& kind : rules_->kinds) {
    if (kind.synonym_boost <= 0) continue;
    for (const std::uint8_t field : {kind.synonym_field, kind.several_field}) {
      VERBUND_CHECK(rules_->fields.at(field).length_norm == 0);
    }
    for (const std::uint8_t field : {kind.inside_field, kind.several_inside_field}) {
      VERBUND_CHECK(!kind.inside || rules_->fields.at(field).length_norm == 0);
    }
  }
}

std::uint32_t IndexBuilder::number(std::string_view word) {
  const std::uint64_t hash = WordHash::of(word);
  const std::uint64_t mark = hash & 0xFFFF'FFFF'0000'0000ULL;
  std::size_t at = hash & (slots_.size() - 1);
  for (; slots_[at] != 0; at = (at + 1) & (slots_.size() - 1)) {
    const auto known = static_cast<std::uint32_t>(slots_[at]) - 1;
    if ((slots_[at] & 0xFFFF'FFFF'0000'0000ULL) == mark && text(known) == word) return known;
  }
  const auto id = static_cast<std::uint32_t>(words_.size());
  VERBUND_CHECK(id < (1U << 28) && text_.size() < UINT32_MAX - longest_word);
  WordRow row;
  row.begin = static_cast<std::uint32_t>(text_.size());
  row.size = static_cast<std::uint8_t>(word.size());
  text_.insert(text_.end(), word.begin(), word.end());
  words_.push_back(row);
  slots_[at] = mark | (id + 1);
  if (words_.size() * 2 > slots_.size()) {
    std::vector<std::uint64_t> larger(slots_.size() * 2, 0);
    for (std::uint32_t i = 0; i < words_.size(); ++i) {
      const std::uint64_t again = WordHash::of(text(i));
      std::size_t slot = again & (larger.size() - 1);
      while (larger[slot] != 0) slot = (slot + 1) & (larger.size() - 1);
      larger[slot] = (again & 0xFFFF'FFFF'0000'0000ULL) | (i + 1);
    }
    slots_ = std::move(larger);
  }
  return id;
}

void IndexBuilder::know(std::uint32_t word, std::string_view shown) {
  words_[word].strong = true;
  if (words_[word].shown != none || shown.empty()) return;
  words_[word].shown = static_cast<std::uint32_t>(shown_.size());
  shown_.emplace_back(shown);
}

void IndexBuilder::add(std::uint32_t document, const Draft& draft) {
  VERBUND_CHECK(document < most_documents);
  Chunk chunk;
  chunk.document = document;
  chunk.token_begin = static_cast<std::uint32_t>(tokens_.size());
  chunk.phrase_begin = static_cast<std::uint32_t>(phrases_.size());
  std::uint32_t known_only = 0;   // words of the draft that are not tokens, before the phrase at hand
  std::size_t at = 0;
  const auto take = [&](std::size_t end) {
    for (; at < end; ++at) {
      const Draft::Said& said = draft.words_[at];
      const std::uint32_t word = number(draft.at(said.folded));
      if (said.shown.size > 0 || said.field == Draft::known_only) know(word, draft.at(said.shown));
      if (said.field == Draft::known_only) {
        ++known_only;
        continue;
      }
      if (rules_->fields[said.field].strong) {
        words_[word].strong = true;
        ++words_[word].uses;
      }
      tokens_.push_back(word * 16 + said.field);
    }
  };
  for (const Draft::Phrase& phrase : draft.phrases_) {
    take(phrase.end);
    // Words of a phrase are all tokens, so it is as long here as there.
    const std::uint32_t end = chunk.token_begin + phrase.end - known_only;
    phrases_.push_back({end - (phrase.end - phrase.begin), end, phrase.kind});
  }
  take(draft.words_.size());
  chunk.token_end = static_cast<std::uint32_t>(tokens_.size());
  chunk.phrase_end = static_cast<std::uint32_t>(phrases_.size());
  chunks_.push_back(chunk);
}

// Gives the words their places in the alphabet; tokens name forms of the dictionary afterwards.
void IndexBuilder::learn_words(TextIndex& index) {
  for (const Synonym& synonym : rules_->synonyms) {
    for (const Synonym::Word& word : synonym.phrase) {
      const std::string_view folded = cut_utf8(word.folded, longest_word);
      if (!folded.empty()) know(number(folded), word.shown);
    }
  }
  struct Order {
    std::uint64_t begin;               // the first eight bytes, as a number: most comparisons end there
    std::uint32_t word;
  };
  std::vector<Order> order(words_.size());
  for (std::uint32_t i = 0; i < order.size(); ++i) {
    std::uint64_t begin = 0;
    const std::string_view word = text(i);
    for (std::size_t b = 0; b < 8; ++b) begin = begin << 8 | (b < word.size() ? static_cast<unsigned char>(word[b]) : 0);
    order[i] = {begin, i};
  }
  std::sort(order.begin(), order.end(), [&](const Order& a, const Order& b) {
    return a.begin != b.begin ? a.begin < b.begin : text(a.word) < text(b.word);
  });
  std::vector<std::uint32_t> place(words_.size());
  std::vector<Form> forms;
  forms.reserve(words_.size());
  for (std::uint32_t i = 0; i < order.size(); ++i) {
    const std::uint32_t word = order[i].word;
    place[word] = i;
    const std::string_view shown = words_[word].shown == none ? std::string_view() : shown_[words_[word].shown];
    forms.push_back({text(word), shown, words_[word].uses, words_[word].strong});
  }
  for (std::uint32_t& token : tokens_) token = place[token / 16] * 16 + token % 16;
  index.words_ = Dictionary(forms, rules_->stemmer, rules_->not_parts);
  index.synonyms_ = std::make_unique<const SynonymTable>(*rules_, index.words_);
}

// Finds the beginnings that many words share and says for every stem in which of their lists it counts.
void IndexBuilder::list_prefixes(TextIndex& index) {
  const Dictionary& words = index.words_;
  std::vector<std::uint32_t> strong_before(words.size() + 1, 0);
  for (std::uint32_t i = 0; i < words.size(); ++i) strong_before[i + 1] = strong_before[i] + (words.strong(i) ? 1 : 0);
  std::vector<std::uint32_t> prefix_form, prefix_bytes;
  struct Share {
    std::uint32_t stem, list, weight;
  };
  std::vector<Share> shares;
  struct Range {
    std::uint32_t begin, end, bytes;
  };
  std::vector<Range> open{{0, words.size(), 0}};
  while (!open.empty()) {
    const Range range = open.back();
    open.pop_back();
    if (range.end - range.begin <= TextIndex::most_completions) continue;
    const std::uint32_t strong = strong_before[range.end] - strong_before[range.begin];
    if (range.bytes >= TextIndex::least_prefix && strong >= TextIndex::least_strong_completions) {
      const std::uint32_t list = words.stem_count() + static_cast<std::uint32_t>(prefix_form.size());
      prefix_form.push_back(range.begin);
      prefix_bytes.push_back(range.bytes);
      for (std::uint32_t form = range.begin; form < range.end; ++form) {
        if (!words.strong(form)) continue;
        shares.push_back({words.stem_of(form), list, completion_weight(range.bytes, words.form(form).size())});
      }
    }
    if (strong < TextIndex::least_strong_completions) continue;   // nor will any longer one have enough
    std::uint32_t begin = range.begin;
    while (begin < range.end && words.form(begin).size() == range.bytes) ++begin;
    while (begin < range.end) {
      const char next = words.form(begin)[range.bytes];
      std::uint32_t end = begin + 1;
      while (end < range.end && words.form(end)[range.bytes] == next) ++end;
      open.push_back({begin, end, range.bytes + 1});
      begin = end;
    }
  }
  std::sort(shares.begin(), shares.end(), [](const Share& a, const Share& b) {
    if (a.stem != b.stem) return a.stem < b.stem;
    return a.list != b.list ? a.list < b.list : a.weight > b.weight;
  });
  std::vector<std::uint32_t> begin(std::size_t{words.stem_count()} + 1, 0);
  std::vector<TextIndex::PrefixShare> kept;
  for (std::size_t i = 0; i < shares.size(); ++i) {
    if (i > 0 && shares[i].stem == shares[i - 1].stem && shares[i].list == shares[i - 1].list) continue;
    kept.push_back({shares[i].list, shares[i].weight});
    ++begin[shares[i].stem + 1];
  }
  for (std::size_t i = 1; i < begin.size(); ++i) begin[i] += begin[i - 1];
  index.share_begin_ = std::move(begin);
  index.shares_ = std::move(kept);
  index.prefix_slots_ = HashSlots::build(static_cast<std::uint32_t>(prefix_form.size()), [&](std::uint32_t i) {
    return WordHash::of(words.form(prefix_form[i]).substr(0, prefix_bytes[i]));
  });
  index.prefix_form_ = std::move(prefix_form);
  index.prefix_bytes_ = std::move(prefix_bytes);
}

void IndexBuilder::prepare_documents(TextIndex& index, Postings& postings) {
  const Dictionary& words = index.words_;
  std::stable_sort(chunks_.begin(), chunks_.end(),
                   [](const Chunk& a, const Chunk& b) { return a.document < b.document; });
  const auto each_document = [](std::span<const Chunk> of, const auto& each) {
    for (std::size_t i = 0; i < of.size();) {
      std::size_t end = i + 1;
      while (end < of.size() && of[end].document == of[i].document) ++end;
      each(of.subspan(i, end - i));
      i = end;
    }
  };
  const std::size_t fields = rules_->fields.size();
  std::vector<double> sum(fields, 0), holders(fields, 0);
  each_document(chunks_, [&](std::span<const Chunk> chunks) {
    std::vector<std::uint32_t> length(fields, 0);
    for (const Chunk& chunk : chunks) {
      for (std::uint32_t i = chunk.token_begin; i < chunk.token_end; ++i) ++length[tokens_[i] % 16];
    }
    for (std::size_t field = 0; field < fields; ++field) {
      sum[field] += length[field];
      holders[field] += length[field] > 0 ? 1 : 0;
    }
  });
  std::vector<float> mean(fields, 1);
  for (std::size_t i = 0; i < fields; ++i) {
    if (holders[i] > 0) mean[i] = static_cast<float>(sum[i] / holders[i]);
  }
  index.mean_length_ = std::move(mean);

  const auto prepare = [&](std::span<const Chunk> of, Postings& out) {
    Preparer preparer(*rules_, words, *index.synonyms_, index.mean_length_);
    Prepared prepared;
    std::vector<WordParts> phrase_words;
    const auto parts_of = [&](std::uint32_t token) {
      return WordParts{words.stem_of(token / 16), words.coded_parts(token / 16)};
    };
    each_document(of, [&](std::span<const Chunk> chunks) {
      const std::uint32_t document = chunks.front().document;
      preparer.begin();
      for (const Chunk& chunk : chunks) {
        for (std::uint32_t i = chunk.token_begin; i < chunk.token_end; ++i) {
          preparer.add(parts_of(tokens_[i]), tokens_[i] % 16);
        }
        for (std::uint32_t i = chunk.phrase_begin; i < chunk.phrase_end; ++i) {
          phrase_words.clear();
          for (std::uint32_t t = phrases_[i].begin; t < phrases_[i].end; ++t) {
            phrase_words.push_back(parts_of(tokens_[t]));
          }
          preparer.add_phrase(phrases_[i].kind, phrase_words);
        }
      }
      preparer.finish([&](std::uint32_t stem) { return index.prefixes_of(stem); }, prepared);
      for (const PreparedEntry& entry : prepared.entries) {
        out.list.push_back(entry.list);
        out.posting.push_back(document << 8 | entry.impact);
        out.field.push_back(entry.field);
      }
      for (const PreparedPhrase& phrase : prepared.phrases) out.phrases.push_back({phrase.key, document, phrase.boost});
    });
  };
  // Two halves beside each other: documents do not know of one another.
  std::size_t middle = chunks_.size() / 2;
  while (middle > 0 && middle < chunks_.size() && chunks_[middle - 1].document == chunks_[middle].document) ++middle;
  const auto all = std::span<const Chunk>(chunks_);
  Postings second;
  auto beside = std::async(std::launch::async, [&] { prepare(all.subspan(middle), second); });
  postings.list.reserve(tokens_.size());
  postings.posting.reserve(tokens_.size());
  postings.field.reserve(tokens_.size());
  prepare(all.first(middle), postings);
  beside.get();
  const auto append = [](auto& to, const auto& from) { to.insert(to.end(), from.begin(), from.end()); };
  append(postings.list, second.list);
  append(postings.posting, second.posting);
  append(postings.field, second.field);
  append(postings.phrases, second.phrases);
}

// Documents came in order, so counting puts every list in the order of documents.
void IndexBuilder::lay_out(TextIndex& index, Postings& postings) {
  const std::size_t lists = std::size_t{index.words_.stem_count()} + index.prefix_form_.size();
  std::vector<std::uint32_t> begin(lists + 1, 0);
  for (const std::uint32_t list : postings.list) ++begin[list + 1];
  for (std::size_t i = 1; i < begin.size(); ++i) begin[i] += begin[i - 1];
  std::vector<Posting> sorted(postings.list.size());
  std::vector<std::uint8_t> field(begin[index.words_.stem_count()]);
  {
    std::vector<std::uint32_t> at(begin.begin(), begin.end() - 1);
    for (std::size_t i = 0; i < postings.list.size(); ++i) {
      const std::uint32_t place = at[postings.list[i]]++;
      sorted[place] = postings.posting[i];
      if (place < field.size()) field[place] = postings.field[i];
    }
  }
  index.list_begin_ = std::move(begin);
  index.postings_ = std::move(sorted);
  index.posting_field_ = std::move(field);

  std::vector<std::uint32_t> dense(lists, none);
  const std::size_t stride = index.stride(), least = std::max(least_dense, index.documents_ / dense_share);
  std::uint32_t rows = 0;
  for (std::uint32_t list = 0; list < lists; ++list) {
    if (index.postings(list).size() >= least) dense[list] = rows++;
  }
  std::vector<std::uint8_t> bytes(rows * stride, 0);
  for (std::uint32_t list = 0; list < lists; ++list) {
    if (dense[list] == none) continue;
    std::uint8_t* const row = bytes.data() + dense[list] * stride;
    for (const Posting posting : index.postings(list)) row[document_of(posting)] = static_cast<std::uint8_t>(posting);
  }
  index.dense_ = std::move(dense);
  index.rows_ = std::move(bytes);
  index.sum_rows();

  std::sort(postings.phrases.begin(), postings.phrases.end(), [](const auto& a, const auto& b) {
    return a.key != b.key ? a.key < b.key : a.document < b.document;
  });
  std::vector<std::uint64_t> keys;
  std::vector<TextIndex::Phrase> phrases;
  std::vector<std::uint32_t> lead(65'537, 0);
  keys.reserve(postings.phrases.size());
  phrases.reserve(postings.phrases.size());
  for (const auto& phrase : postings.phrases) {
    keys.push_back(phrase.key);
    phrases.push_back({phrase.document, phrase.boost});
    ++lead[(phrase.key >> 48) + 1];
  }
  for (std::size_t i = 1; i < lead.size(); ++i) lead[i] += lead[i - 1];
  index.phrase_keys_ = std::move(keys);
  index.phrases_ = std::move(phrases);
  index.phrase_lead_ = std::move(lead);
}

TextIndex IndexBuilder::finish(std::uint32_t documents) {
  for (const Chunk& chunk : chunks_) VERBUND_CHECK(chunk.document < documents);
  TextIndex index;
  index.rules_ = rules_;
  index.documents_ = documents;
  learn_words(index);
  text_ = {};
  words_ = {};
  shown_ = {};
  slots_.assign(1 << 16, 0);
  list_prefixes(index);
  Postings postings;
  prepare_documents(index, postings);
  tokens_ = {};
  phrases_ = {};
  chunks_ = {};
  lay_out(index, postings);
  return index;
}

}  // namespace verbund::search
