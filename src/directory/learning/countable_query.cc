// SPDX-License-Identifier: EUPL-1.2
#include "directory/learning/countable_query.h"

#include <algorithm>
#include <array>
#include <vector>

#include "base/text.h"
#include "kits/text/text.h"

namespace verbund::directory {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || static_cast<unsigned char>(c) >= 0x80; }

// Without what is neither letter nor digit at both ends; "§" and "€" are letters here.
std::string_view bare(std::string_view word) {
  const auto inside = [](char c) { return is_digit(c) || is_letter(c); };
  while (!word.empty() && !inside(word.front())) word.remove_prefix(1);
  while (!word.empty() && !inside(word.back())) word.remove_suffix(1);
  for (std::string_view quote : {"„", "“", "”", "‚", "‘", "’", "«", "»", "…", "–", "—"}) {
    if (word.starts_with(quote)) return bare(word.substr(quote.size()));
    if (word.ends_with(quote)) return bare(word.substr(0, word.size() - quote.size()));
  }
  return word;
}

bool has_address(std::string_view query) {
  const std::array<std::string_view, 6> signs = {"@", "(at)", "[at]", "://", "www.", "mailto:"};
  return std::any_of(signs.begin(), signs.end(), [&](auto sign) { return query.find(sign) != std::string_view::npos; });
}

// A word that begins with two letters and two check digits, and long enough with what follows. Source: ISO 13616-1.
bool has_iban(const std::vector<std::string_view>& words) {
  constexpr std::size_t shortest = 15;
  std::size_t rest = 0;
  for (auto word = words.rbegin(); word != words.rend(); ++word) {
    rest += word->size();
    if (rest < shortest || word->size() < 4) continue;
    const std::string_view head = word->substr(0, 4);
    if (is_letter(head[0]) && is_letter(head[1]) && is_digit(head[2]) && is_digit(head[3])) return true;
  }
  return false;
}

// "se-ab 123", "hh x 1": a district of one to three letters, one or two letters, one to four digits (FZV, annex 3).
bool has_plate(const std::vector<std::string_view>& words) {
  std::string line;
  for (const auto word : words) line += " " + std::string(word);
  line += ' ';
  std::replace(line.begin(), line.end(), '-', ' ');
  const auto parts = split(std::string_view(line).substr(1, line.size() - 2), ' ');
  const auto letters = [](std::string_view text, std::size_t most) {
    std::size_t points = 0;  // code points
    for (const char c : text) {
      if (!is_letter(c)) return false;
      points += (static_cast<unsigned char>(c) & 0xC0) != 0x80;
    }
    return points >= 1 && points <= most;
  };
  const auto number = [](std::string_view text) {
    if (text.ends_with('e') || text.ends_with('h')) text.remove_suffix(1);
    return is_digits(text) && text.size() <= 4;
  };
  for (std::size_t i = 0; i + 1 < parts.size(); ++i) {
    if (!letters(parts[i], 3)) continue;
    if (i + 2 < parts.size() && letters(parts[i + 1], 2) && number(parts[i + 2])) return true;
    const std::size_t digits = parts[i + 1].find_first_of("0123456789");
    if (digits != std::string_view::npos && letters(parts[i + 1].substr(0, digits), 2) &&
        number(parts[i + 1].substr(digits)))
      return true;
  }
  return false;
}

bool is_street(std::string_view word) {
  const std::array<std::string_view, 15> ends = {"straße", "strasse", "str",    "allee", "platz", "gasse", "damm",   "ufer",
                                                 "weg",    "chaussee", "ring",  "markt", "stieg", "kamp",  "twiete"};
  return std::any_of(ends.begin(), ends.end(), [&](auto end) { return word.ends_with(end); });
}

// A street and a number behind it: somebody's address.
bool has_house_number(const std::vector<std::string_view>& words) {
  for (std::size_t i = 0; i + 1 < words.size(); ++i) {
    if (is_street(words[i]) && is_digit(words[i + 1].front())) return true;
  }
  return false;
}

}  // namespace

std::string countable_query(std::string_view typed) {
  // Lower case and NFKC make no text that is four times too long short enough: spares the work.
  if (typed.size() > 4 * longest_counted_query || !is_utf8(typed)) return {};
  const std::string lower = text::lower(typed);
  if (has_address(lower)) return {};
  std::vector<std::string_view> words;
  for (std::string_view word : split(lower, ' ')) {
    word = bare(word);
    if (!word.empty()) words.push_back(word);
  }
  if (words.empty() || words.size() > most_counted_words) return {};
  std::string out;
  for (const auto word : words) out += (out.empty() ? "" : " ") + std::string(word);
  if (out.size() > longest_counted_query) return {};
  if (std::count_if(out.begin(), out.end(), is_digit) > static_cast<std::ptrdiff_t>(most_counted_digits)) return {};
  if (has_iban(words) || has_plate(words) || has_house_number(words)) return {};
  return out;
}

}  // namespace verbund::directory
