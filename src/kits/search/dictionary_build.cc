// SPDX-License-Identifier: EUPL-1.2
#include <algorithm>
#include <bit>
#include <future>

#include "kits/search/dictionary.h"
#include "kits/search/splitter.h"

namespace verbund::search {
namespace {

constexpr std::uint32_t longest_correctable = 40;   // letters
constexpr std::size_t leads = 65'536;

}  // namespace

Dictionary::Dictionary(const std::vector<Form>& forms, Stemmer stemmer, std::vector<std::string> not_parts)
    : stemmer_(stemmer) {
  VERBUND_CHECK(stemmer != nullptr && forms.size() < none / 2);
  std::sort(not_parts.begin(), not_parts.end());
  not_parts.erase(std::unique(not_parts.begin(), not_parts.end()), not_parts.end());
  StringTableBuilder texts, stems, displays, parts;
  for (const std::string& word : not_parts) parts.add(word);
  not_parts_ = parts.finish();
  not_part_slots_ =
      HashSlots::build(not_parts_.size(), [&](std::uint32_t id) { return WordHash::of(not_parts_.at(id)); });

  std::size_t bytes = 0;
  for (const Form& form : forms) bytes += form.text.size();
  texts.reserve(forms.size(), bytes);
  std::vector<std::uint32_t> form_display(forms.size(), none), form_stem(forms.size()), form_uses(forms.size());
  std::vector<std::uint8_t> form_flags(forms.size());
  // Stems get their numbers in the order of their first form. Found by a table of our own: half the forms are stems.
  std::vector<std::uint32_t> slots(std::bit_ceil(forms.size() * 2 + 16), none);
  std::vector<std::uint64_t> stem_hash;
  std::vector<std::string> stem_text;
  std::vector<std::uint8_t> stem_strong;
  std::uint32_t display_count = 0;
  for (std::uint32_t i = 0; i < forms.size(); ++i) {
    const Form& form = forms[i];
    VERBUND_CHECK(!form.text.empty() && form.text.size() <= longest_word);
    VERBUND_CHECK(i == 0 || forms[i - 1].text < form.text);
    texts.add(form.text);
    if (!form.display.empty() && form.display != form.text) {
      displays.add(form.display);
      form_display[i] = display_count++;
    }
    form_uses[i] = form.uses;
    form_flags[i] = form.strong ? strong_flag : 0;
    std::string_view stem = stemmer_(form.text);
    if (stem.empty()) stem = form.text;
    const std::uint64_t hash = WordHash::of(stem);
    std::size_t at = hash & (slots.size() - 1);
    while (slots[at] != none && (stem_hash[slots[at]] != hash || stem_text[slots[at]] != stem)) {
      at = (at + 1) & (slots.size() - 1);
    }
    if (slots[at] == none) {
      slots[at] = static_cast<std::uint32_t>(stem_text.size());
      stem_hash.push_back(hash);
      stem_text.emplace_back(stem);
      stem_strong.push_back(0);
    }
    form_stem[i] = slots[at];
    if (form.strong) stem_strong[slots[at]] = 1;
  }
  for (const std::string& stem : stem_text) stems.add(stem);
  forms_ = texts.finish();
  stems_ = stems.finish();
  displays_ = displays.finish();
  form_display_ = std::move(form_display);
  form_stem_ = std::move(form_stem);
  form_uses_ = std::move(form_uses);
  form_flags_ = std::move(form_flags);
  stem_strong_ = std::move(stem_strong);
  index_words();
  // Neither reads what the other writes.
  auto beside = std::async(std::launch::async, [&] { learn_near_misses(forms); });
  learn_parts();
  beside.get();
}

void Dictionary::index_words() {
  std::vector<std::uint64_t> hashes(size()), stem_hashes(stem_count());
  for (std::uint32_t id = 0; id < size(); ++id) hashes[id] = WordHash::of(form(id));
  for (std::uint32_t id = 0; id < stem_count(); ++id) stem_hashes[id] = WordHash::of(stems_.at(id));
  form_slots_ = HashSlots::build(size(), [&](std::uint32_t id) { return hashes[id]; });
  stem_slots_ = HashSlots::build(stem_count(), [&](std::uint32_t id) { return stem_hashes[id]; });
  std::vector<std::uint64_t> known(std::bit_ceil((hashes.size() + stem_hashes.size()) * 8 + 64) / 64, 0);
  known_mask_ = known.size() * 64 - 1;
  for (const auto* list : {&hashes, &stem_hashes}) {
    for (const std::uint64_t hash : *list) {
      const std::uint64_t bit = (hash >> 7) & known_mask_;
      known[bit / 64] |= std::uint64_t{1} << (bit % 64);
    }
  }
  known_ = std::move(known);
  std::vector<std::uint32_t> lead(leads + 1, size());
  for (std::uint32_t id = size(); id-- > 0;) {
    const std::string_view text = form(id);
    const auto byte = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U; };
    lead[byte(0) << 8 | byte(1)] = id;
  }
  for (std::size_t i = leads; i-- > 0;) lead[i] = std::min(lead[i], lead[i + 1]);
  lead_ = std::move(lead);
}

void Dictionary::learn_parts() {
  std::vector<std::uint32_t> begin(1, 0), parts;
  begin.reserve(std::size_t{size()} + 1);
  const Splitter splitter(*this);
  for (std::uint32_t id = 0; id < size(); ++id) {
    const Parts found = splitter.split(form(id));
    for (const Part& part : found.span()) parts.push_back(part.stem * 2 + (part.leaf ? 1 : 0));
    begin.push_back(static_cast<std::uint32_t>(parts.size()));
  }
  part_begin_ = std::move(begin);
  parts_ = std::move(parts);
}

void Dictionary::learn_near_misses(const std::vector<Form>& forms) {
  std::vector<NearIndex::Word> words, prefixes;
  std::vector<std::uint32_t> prefix_form, prefix_bytes;
  std::string_view last;
  for (std::uint32_t id = 0; id < forms.size(); ++id) {
    const std::string_view text = forms[id].text;
    if (!forms[id].strong || text.find_first_of("0123456789") != std::string_view::npos) continue;
    const Letters letters(text);
    if (letters.count + 1 >= least_correctable && letters.count <= longest_correctable) {
      words.push_back({id, text, letters.count + 2 >= least_correctable_twice ? 2U : 1U});
    }
    std::size_t bytes = 0;
    for (std::uint32_t count = 1; count <= letters.count && count <= longest_prefix_corrected + 1; ++count) {
      do ++bytes;
      while (bytes < text.size() && (static_cast<unsigned char>(text[bytes]) & 0xC0) == 0x80);
      if (count + 1 < least_prefix_corrected) continue;
      if (last.size() >= bytes && last.substr(0, bytes) == text.substr(0, bytes)) continue;   // filed already
      prefixes.push_back({static_cast<std::uint32_t>(prefix_form.size()), text.substr(0, bytes), 1});
      prefix_form.push_back(id);
      prefix_bytes.push_back(static_cast<std::uint32_t>(bytes));
    }
    last = text;
  }
  near_ = NearIndex::build(words);
  near_prefixes_ = NearIndex::build(prefixes);
  prefix_form_ = std::move(prefix_form);
  prefix_bytes_ = std::move(prefix_bytes);
}

void Dictionary::save(flat::Writer& out) const {
  forms_.save(out, "forms");
  stems_.save(out, "stems");
  displays_.save(out, "displays");
  not_parts_.save(out, "not_parts");
  out.add("form.display", form_display_);
  out.add("form.stem", form_stem_);
  out.add("form.uses", form_uses_);
  out.add("form.flags", form_flags_);
  out.add("stem.strong", stem_strong_);
  form_slots_.save(out, "form.slots");
  stem_slots_.save(out, "stem.slots");
  not_part_slots_.save(out, "not_parts.slots");
  out.add("known", known_);
  out.add("lead", lead_);
  out.add("part.begin", part_begin_);
  out.add("parts", parts_);
  near_.save(out, "near");
  near_prefixes_.save(out, "near_prefixes");
  out.add("prefix.form", prefix_form_);
  out.add("prefix.bytes", prefix_bytes_);
}

Result<Dictionary> Dictionary::load(const flat::File& file, Stemmer stemmer) {
  Dictionary out;
  out.stemmer_ = stemmer;
  Result<void> step;
  const auto good = [&](Result<void> result) {
    step = std::move(result);
    return step.has_value();
  };
  const auto size_is = [](std::size_t is, std::size_t should) -> Result<void> {
    if (is == should) return {};
    return fail(ErrorCode::invalid, "damaged search index: a table of words has another length");
  };
  const bool fine =
      good(out.forms_.load(file, "forms")) && good(out.stems_.load(file, "stems")) &&
      good(out.displays_.load(file, "displays")) && good(out.not_parts_.load(file, "not_parts")) &&
      good(file.read("form.display", out.form_display_, "form.stem", out.form_stem_, "form.uses", out.form_uses_,
                     "form.flags", out.form_flags_, "stem.strong", out.stem_strong_, "known", out.known_, "lead",
                     out.lead_, "part.begin", out.part_begin_, "parts", out.parts_, "prefix.form", out.prefix_form_,
                     "prefix.bytes", out.prefix_bytes_)) &&
      good(out.form_slots_.load(file, "form.slots", out.size())) &&
      good(out.stem_slots_.load(file, "stem.slots", out.stem_count())) &&
      good(out.not_part_slots_.load(file, "not_parts.slots", out.not_parts_.size())) &&
      good(size_is(out.form_display_.size(), out.size())) && good(size_is(out.form_stem_.size(), out.size())) &&
      good(size_is(out.form_uses_.size(), out.size())) && good(size_is(out.form_flags_.size(), out.size())) &&
      good(size_is(out.stem_strong_.size(), out.stem_count())) && good(size_is(out.lead_.size(), leads + 1)) &&
      good(size_is(out.prefix_bytes_.size(), out.prefix_form_.size())) &&
      good(check_below(out.form_stem_, out.stem_count(), "stems")) &&
      good(check_below(out.lead_, std::size_t{out.size()} + 1, "first letters")) &&
      good(check_offsets(out.part_begin_, out.size(), out.parts_.size(), "parts")) &&
      good(check_below(out.parts_, std::size_t{out.stem_count()} * 2, "parts")) &&
      good(check_below(out.prefix_form_, out.size(), "beginnings")) &&
      good(out.near_.load(file, "near", out.size())) &&
      good(out.near_prefixes_.load(file, "near_prefixes", static_cast<std::uint32_t>(out.prefix_form_.size())));
  if (!fine) return pass(step);
  const auto damaged = [] { return fail(ErrorCode::invalid, "damaged search index: words"); };
  if (!std::has_single_bit(out.known_.size())) return damaged();
  out.known_mask_ = out.known_.size() * 64 - 1;
  for (std::size_t i = 1; i < out.lead_.size(); ++i) {
    if (out.lead_[i - 1] > out.lead_[i]) return damaged();
  }
  for (std::uint32_t id = 0; id < out.size(); ++id) {
    const std::size_t bytes = out.forms_.length(id);
    if (bytes == 0 || bytes > longest_word) return damaged();
    if (out.form_display_[id] != none && out.form_display_[id] >= out.displays_.size()) return damaged();
    if (out.part_begin_[id + 1] - out.part_begin_[id] > most_parts) return damaged();
  }
  for (std::size_t i = 0; i < out.prefix_form_.size(); ++i) {
    if (out.prefix_bytes_[i] > out.forms_.length(out.prefix_form_[i])) return damaged();
  }
  return out;
}

}  // namespace verbund::search
