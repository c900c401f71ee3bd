// SPDX-License-Identifier: EUPL-1.2
#include "kits/search/dictionary.h"

#include <algorithm>

#include "kits/search/splitter.h"

namespace verbund::search {
namespace {

bool has_digit(std::string_view text) { return text.find_first_of("0123456789") != std::string_view::npos; }

std::uint32_t lead_of(std::string_view text) {
  const auto byte = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U; };
  return byte(0) << 8 | byte(1);
}

}  // namespace

std::string_view Dictionary::display(std::uint32_t id) const {
  return form_display_[id] != none ? displays_.at(form_display_[id]) : forms_.at(id);
}

std::uint32_t Dictionary::find_form(std::string_view folded, std::uint64_t hash) const {
  return form_slots_.find(hash, [&](std::uint32_t id) { return forms_.at(id) == folded; });
}

std::uint32_t Dictionary::find_stem(std::string_view stem, std::uint64_t hash) const {
  return stem_slots_.find(hash, [&](std::uint32_t id) { return stems_.at(id) == stem; });
}

std::uint32_t Dictionary::find_form(std::string_view folded) const { return find_form(folded, WordHash::of(folded)); }

std::uint32_t Dictionary::find_stem(std::string_view stem) const { return find_stem(stem, WordHash::of(stem)); }

std::uint32_t Dictionary::stem_for(std::string_view folded) const {
  const std::uint32_t form = find_form(folded);
  return form != none ? form_stem_[form] : find_stem(stemmer_(folded));
}

std::uint32_t Dictionary::find_joined(std::string_view a, std::uint64_t a_raw, std::string_view link,
                                      std::string_view b, std::uint64_t b_raw) const {
  if (a.size() + link.size() + b.size() > longest_word || known_.empty()) return none;
  const std::uint64_t left = WordHash::joined(a_raw, WordHash::raw(link), link.size());
  const std::uint64_t hash = WordHash::finish(WordHash::joined(left, b_raw, b.size()));
  if (!may_know(hash)) return none;
  return form_slots_.find(hash, [&](std::uint32_t id) {
    const std::string_view form = forms_.at(id);
    return form.size() == a.size() + link.size() + b.size() && form.starts_with(a) && form.ends_with(b) &&
           form.substr(a.size(), link.size()) == link;
  });
}

// The first form that is not before the prefix, among those with its first two bytes.
std::uint32_t Dictionary::first_with_prefix(std::string_view prefix) const {
  const std::uint32_t lead = lead_of(prefix);
  std::uint32_t low = lead_[lead];
  std::uint32_t high = prefix.size() == 1 ? lead_[std::min<std::uint32_t>(lead + 256, 65'536)] : lead_[lead + 1];
  if (prefix.size() <= 2) return low;
  while (low < high) {
    const std::uint32_t middle = low + (high - low) / 2;
    if (forms_.at(middle) < prefix) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

Dictionary::Range Dictionary::with_prefix(std::string_view prefix) const {
  if (prefix.empty() || forms_.size() == 0) return {0, size(), 0};
  const std::uint32_t lead = lead_of(prefix), low = first_with_prefix(prefix);
  const std::uint32_t last =
      prefix.size() == 1 ? lead_[std::min<std::uint32_t>(lead + 256, 65'536)] : lead_[lead + 1];
  const auto bytes = static_cast<std::uint32_t>(prefix.size());
  if (prefix.size() <= 2) return {low, last, bytes};
  // Most prefixes have few forms: first in growing steps, then by halves.
  std::uint32_t inside = low, step = 1, outside = last;
  while (inside + step <= last && forms_.at(inside + step - 1).starts_with(prefix)) {
    inside += step;
    step *= 2;
  }
  outside = std::min(last, inside + step);
  while (inside < outside) {
    const std::uint32_t middle = inside + (outside - inside) / 2;
    if (forms_.at(middle).starts_with(prefix)) {
      inside = middle + 1;
    } else {
      outside = middle;
    }
  }
  return {low, inside, bytes};
}

Dictionary::Range Dictionary::with_prefix(std::string_view prefix, std::uint32_t first, std::uint32_t most) const {
  if (forms_.size() == 0 || prefix.empty()) return {};
  Range out{first == none ? first_with_prefix(prefix) : first, 0, static_cast<std::uint32_t>(prefix.size())};
  out.end = out.begin;
  const std::uint32_t last = std::min<std::uint32_t>(size(), out.begin + most);
  while (out.end < last && forms_.at(out.end).starts_with(prefix)) ++out.end;
  return out;
}

Dictionary::Parts Dictionary::parts(std::string_view folded) const {
  const std::uint32_t form = find_form(folded);
  if (form == none) return forms_.size() == 0 ? Parts{} : Splitter(*this).split(folded);
  Parts out;
  for (const std::uint32_t code : coded_parts(form)) out.at[out.count++] = {code / 2, code % 2 == 1};
  return out;
}

std::uint32_t Dictionary::piece_of(std::string_view folded) const {
  return forms_.size() == 0 ? none : Splitter(*this).piece(folded);
}

std::size_t Dictionary::corrections(std::string_view folded, std::span<Correction> out) const {
  constexpr std::size_t most_found = 64;
  if (folded.size() > longest_word || has_digit(folded) || out.empty()) return 0;
  const Letters word(folded);
  if (word.count < least_correctable) return 0;
  std::array<Correction, most_found> found;
  std::size_t count = 0;
  const auto better = [&](const Correction& a, const Correction& b) {
    if (a.distance != b.distance) return a.distance < b.distance;
    const bool a_begins = form(a.form)[0] == folded[0], b_begins = form(b.form)[0] == folded[0];
    if (a_begins != b_begins) return a_begins;
    if (form_uses_[a.form] != form_uses_[b.form]) return form_uses_[a.form] > form_uses_[b.form];
    return a.form < b.form;
  };
  const auto look = [&](unsigned most) {
    near_.candidates(word, most, true, [&](std::uint32_t id) {
      for (std::size_t i = 0; i < count; ++i) {
        if (found[i].form == id) return;
      }
      const unsigned far = distance(word, Letters(form(id)), most);
      if (far > most) return;
      const Correction one{id, far};
      if (count < most_found) {
        found[count++] = one;
        return;
      }
      const auto worst = std::max_element(found.begin(), found.end(), better);
      if (better(one, *worst)) *worst = one;
    });
  };
  look(1);
  if (count == 0 && word.count >= least_correctable_twice) look(2);
  std::sort(found.begin(), found.begin() + static_cast<std::ptrdiff_t>(count), better);
  count = std::min(count, out.size());
  std::copy_n(found.begin(), count, out.begin());
  return count;
}

std::size_t Dictionary::prefix_corrections(std::string_view folded, std::span<Range> out) const {
  if (folded.size() > longest_word || has_digit(folded) || out.empty()) return 0;
  Letters word(folded);
  if (word.count < least_prefix_corrected) return 0;
  std::array<Range, 32> found;
  std::size_t count = 0;
  const auto add = [&](std::string_view prefix) {
    const Range range = with_prefix(prefix);
    for (std::size_t i = 0; i < count; ++i) {
      if (found[i].begin <= range.begin && range.end <= found[i].end) return;   // a shorter one holds it
      if (range.begin <= found[i].begin && found[i].end <= range.end) {
        found[i] = range;
        return;
      }
    }
    if (count < found.size()) found[count++] = range;
  };
  // Beginnings are filed up to eight letters; of a longer word the rest is compared form by form.
  if (word.count <= longest_prefix_corrected) {
    near_prefixes_.candidates(word, 1, true, [&](std::uint32_t id) {
      const std::string_view prefix = form(prefix_form_[id]).substr(0, prefix_bytes_[id]);
      if (distance(word, Letters(prefix), 1) == 1) add(prefix);
    });
  } else {
    near_.candidates(word, 1, false, [&](std::uint32_t id) {
      const std::string_view text = form(id);
      const Letters letters(text);
      for (const std::uint32_t cut : {word.count, word.count - 1, word.count + 1}) {
        if (cut > letters.count || distance(word, letters.cut(cut), 1) != 1) continue;
        std::size_t bytes = text.size();   // of `cut` letters
        if (cut < letters.count) {
          bytes = 0;
          for (std::uint32_t i = 0; i < cut; ++i) {
            do ++bytes;
            while (bytes < text.size() && (static_cast<unsigned char>(text[bytes]) & 0xC0) == 0x80);
          }
        }
        add(text.substr(0, bytes));
        break;
      }
    });
  }
  std::sort(found.begin(), found.begin() + static_cast<std::ptrdiff_t>(count), [&](const Range& a, const Range& b) {
    return a.size() != b.size() ? a.size() > b.size() : a.begin < b.begin;
  });
  count = std::min(count, out.size());
  std::copy_n(found.begin(), count, out.begin());
  return count;
}

std::size_t Dictionary::bytes() const {
  return forms_.bytes() + stems_.bytes() + displays_.bytes() + form_display_.bytes() + form_stem_.bytes() +
         form_uses_.bytes() + form_flags_.bytes() + stem_strong_.bytes() + form_slots_.bytes() + stem_slots_.bytes() +
         known_.bytes() + lead_.bytes() + part_begin_.bytes() + parts_.bytes() + near_.bytes() +
         near_prefixes_.bytes() + prefix_form_.bytes() + prefix_bytes_.bytes();
}

}  // namespace verbund::search
