// SPDX-License-Identifier: EUPL-1.2
#include "kits/search/text_index.h"

#include <algorithm>
#include <cmath>

#include "kits/search/prepare.h"
#include "kits/search/rows.h"

namespace verbund::search {
namespace {

constexpr double completed = 205;   // of 256
constexpr std::uint32_t most_boost = 2 * one;

}  // namespace

std::uint32_t completion_weight(std::size_t typed, std::size_t whole) {
  static const auto table = [] {
    std::vector<std::uint8_t> out((longest_word + 1) * (longest_word + 1), 0);
    for (std::size_t t = 0; t <= longest_word; ++t) {
      for (std::size_t w = std::max<std::size_t>(t, 1); w <= longest_word; ++w) {
        out[t * (longest_word + 1) + w] = static_cast<std::uint8_t>(
            std::lround(completed * std::sqrt(static_cast<double>(t) / static_cast<double>(w))));
      }
    }
    return out;
  }();
  return table[typed * (longest_word + 1) + whole];
}

TextIndex::TextIndex() {
  static const auto no_rules = std::make_shared<const Rules>();
  rules_ = no_rules;
  list_begin_ = std::vector<std::uint32_t>{0};
  share_begin_ = std::vector<std::uint32_t>{0};
}
TextIndex::~TextIndex() = default;
TextIndex::TextIndex(TextIndex&&) noexcept = default;
TextIndex& TextIndex::operator=(TextIndex&&) noexcept = default;

std::uint32_t TextIndex::prefix_list(std::string_view prefix, std::uint64_t hash) const {
  const std::uint32_t found =
      prefix_slots_.find(hash, [&](std::uint32_t i) { return prefix_text(stems() + i) == prefix; });
  return found == none ? none : stems() + found;
}

std::string_view TextIndex::prefix_text(std::uint32_t list) const {
  const std::uint32_t prefix = list - stems();
  return words_.form(prefix_form_[prefix]).substr(0, prefix_bytes_[prefix]);
}

std::span<const TextIndex::Phrase> TextIndex::phrases(std::uint64_t key) const {
  if (phrase_keys_.empty()) return {};
  const std::uint64_t lead = key >> 48;
  const auto from = phrase_keys_.begin() + phrase_lead_[lead], to = phrase_keys_.begin() + phrase_lead_[lead + 1];
  const auto [low, high] = std::equal_range(from, to, key);
  return phrases_.subspan(static_cast<std::size_t>(low - phrase_keys_.begin()), static_cast<std::size_t>(high - low));
}

std::uint8_t TextIndex::strongest_field(std::uint32_t stem, std::uint32_t document) const {
  const std::span<const Posting> list = postings(stem);
  const auto at = std::lower_bound(list.begin(), list.end(), document << 8);
  if (at == list.end() || document_of(*at) != document) return 0;
  return posting_field_[list_begin_[stem] + static_cast<std::size_t>(at - list.begin())];
}

void TextIndex::sum_rows() {
  dense_sums_.clear();
  for (std::size_t at = 0; at < rows_.size(); at += block_size) {
    if (at % stride() == 0) dense_sums_.emplace_back();
    const Sum here = rows::sum(rows_.data() + at);
    dense_sums_.back().sum += here.sum;
    dense_sums_.back().most = std::max(dense_sums_.back().most, here.most);
  }
}

std::size_t TextIndex::bytes() const {
  return words_.bytes() + list_begin_.bytes() + postings_.bytes() + posting_field_.bytes() + dense_.bytes() +
         rows_.bytes() + prefix_slots_.bytes() + prefix_form_.bytes() + prefix_bytes_.bytes() + share_begin_.bytes() +
         shares_.bytes() + phrase_keys_.bytes() + phrase_lead_.bytes() + phrases_.bytes();
}

void TextIndex::save(flat::Writer& out) const {
  words_.save(out);
  out.add("mean_length", mean_length_);
  out.add("list.begin", list_begin_);
  out.add("postings", postings_);
  out.add("posting.field", posting_field_);
  out.add("list.dense", dense_);
  out.add("rows", rows_);
  prefix_slots_.save(out, "prefix_list.slots");
  out.add("prefix_list.form", prefix_form_);
  out.add("prefix_list.bytes", prefix_bytes_);
  out.add("share.begin", share_begin_);
  out.add("shares", shares_);
  out.add("phrase.keys", phrase_keys_);
  out.add("phrase.lead", phrase_lead_);
  out.add("phrases", phrases_);
  out.add("documents", std::span(&documents_, 1));
}

Result<TextIndex> TextIndex::load(const flat::File& file, std::shared_ptr<const Rules> rules) {
  TextIndex out;
  out.rules_ = std::move(rules);
  auto words = Dictionary::load(file, out.rules_->stemmer);
  if (!words) return pass(words);
  out.words_ = std::move(*words);
  flat::Array<std::uint32_t> documents;
  if (auto read = file.read("documents", documents, "mean_length", out.mean_length_, "list.begin", out.list_begin_,
                            "postings", out.postings_, "posting.field", out.posting_field_, "list.dense", out.dense_,
                            "rows", out.rows_, "prefix_list.form", out.prefix_form_, "prefix_list.bytes",
                            out.prefix_bytes_, "share.begin", out.share_begin_, "shares", out.shares_, "phrase.keys",
                            out.phrase_keys_, "phrase.lead", out.phrase_lead_, "phrases", out.phrases_);
      !read) {
    return pass(read);
  }
  const auto damaged = [](const char* what) {
    return fail(ErrorCode::invalid, std::string("damaged search index: ") + what);
  };
  if (documents.size() != 1 || documents[0] > most_documents) return damaged("number of documents");
  out.documents_ = documents[0];
  const std::size_t prefixes = out.prefix_form_.size(), lists = out.stems() + prefixes;
  if (out.mean_length_.size() != out.rules_->fields.size()) return damaged("fields");
  if (out.prefix_bytes_.size() != prefixes || out.dense_.size() != lists) return damaged("lists");
  if (auto fine = check_offsets(out.list_begin_, lists, out.postings_.size(), "postings"); !fine) return pass(fine);
  if (auto fine = check_offsets(out.share_begin_, out.stems(), out.shares_.size(), "shares"); !fine) return pass(fine);
  if (auto fine = check_below(out.prefix_form_, out.words_.size(), "prefix lists"); !fine) return pass(fine);
  if (auto fine = out.prefix_slots_.load(file, "prefix_list.slots", static_cast<std::uint32_t>(prefixes)); !fine) {
    return pass(fine);
  }
  if (out.posting_field_.size() != out.list_begin_[out.stems()]) return damaged("fields of postings");
  std::uint32_t last = 0;
  for (const Posting posting : out.postings_) last = std::max(last, document_of(posting));
  if (!out.postings_.empty() && last >= out.documents_) return damaged("postings");
  const std::size_t rows = out.stride() == 0 ? 0 : out.rows_.size() / out.stride();
  if (rows * out.stride() != out.rows_.size()) return damaged("rows");
  for (const std::uint32_t row : out.dense_) {
    if (row != none && row >= rows) return damaged("rows");
  }
  for (std::size_t row = 0; row < rows; ++row) {
    for (std::size_t at = out.documents_; at < out.stride(); ++at) {
      if (out.rows_[row * out.stride() + at] != 0) return damaged("rows");
    }
  }
  out.sum_rows();
  for (std::size_t i = 0; i < prefixes; ++i) {
    if (out.prefix_bytes_[i] > out.words_.form(out.prefix_form_[i]).size()) return damaged("prefix lists");
  }
  for (const PrefixShare& share : out.shares_) {
    if (share.list < out.stems() || share.list >= lists || share.weight > 256) return damaged("shares");
  }
  if (out.phrase_keys_.size() != out.phrases_.size() || out.phrase_lead_.size() != 65'537) return damaged("phrases");
  if (auto fine = check_offsets(out.phrase_lead_, 65'536, out.phrases_.size(), "phrases"); !fine) return pass(fine);
  for (const Phrase& phrase : out.phrases_) {
    if (phrase.document >= out.documents_ || phrase.boost > most_boost) return damaged("phrases");
  }
  out.synonyms_ = std::make_unique<const SynonymTable>(*out.rules_, out.words_);
  return out;
}

}  // namespace verbund::search
