// SPDX-License-Identifier: EUPL-1.2
// Fees out of running text, only where nothing else can be meant.
#include "base/text.h"
#include "directory/formats/dldb_text.h"
#include "kits/html/html.h"

namespace verbund::directory::dldb {
namespace {

bool take(std::string_view& text, std::string_view word) {
  if (!text.starts_with(word)) return false;
  text.remove_prefix(word.size());
  return true;
}

// "46", "46,00", "1.200", "1.200,50" at the beginning of `text`, as "46.00"; "" if there is none.
std::string take_amount(std::string_view& text) {
  std::string euros;
  std::size_t at = 0;
  const auto digit = [&](std::size_t i) { return i < text.size() && text[i] >= '0' && text[i] <= '9'; };
  while (digit(at)) euros += text[at++];
  if (euros.empty() || euros.size() > 6) return {};
  while (euros.size() <= 6 && at < text.size() && text[at] == '.' && digit(at + 1) && digit(at + 2) && digit(at + 3) &&
         !digit(at + 4)) {
    euros += text.substr(at + 1, 3);
    at += 4;
  }
  std::string cents = "00";
  if (at < text.size() && text[at] == ',') {
    if (digit(at + 1) && digit(at + 2) && !digit(at + 3)) {
      cents = text.substr(at + 1, 2);
      at += 3;
    } else if (text.substr(at).starts_with(",-")) {
      at += 2;
    } else {
      return {};
    }
  }
  text.remove_prefix(at);
  return euros + "." + cents;
}

bool ends_with_currency(std::string_view text) {
  text = trim(text);
  if (text.ends_with('.')) text.remove_suffix(1);
  return text == "euro" || text == "eur" || text == "€";
}

}  // namespace

std::optional<Fee> fee_of(std::string_view html) {
  std::string plain = to_lower_ascii(html::to_plain_text(html));
  std::string_view text = trim(plain);
  if (text.size() > 60) return std::nullopt;

  std::string_view sentence = text;
  if (sentence.ends_with('.')) sentence.remove_suffix(1);
  for (std::string_view free : {"gebührenfrei", "kostenfrei", "kostenlos", "keine", "keine gebühr", "keine gebühren",
                                "keine kosten", "es fallen keine gebühren an", "es fallen keine kosten an"}) {
    if (sentence != free) continue;
    Fee fee;
    fee.choice = Fee::Choice::free;
    return fee;
  }

  const bool least_only = take(text, "ab ");
  const std::string first = take_amount(text);
  if (first.empty()) return std::nullopt;
  Fee fee;
  fee.choice = Fee::Choice::variable;
  if (ends_with_currency(text)) {
    if (least_only) {
      fee.least = Amount{first, "EUR"};
    } else {
      fee.choice = Fee::Choice::fixed;
      fee.fixed = Amount{first, "EUR"};
    }
    return fee;
  }
  if (least_only || !take(text, " bis ")) return std::nullopt;
  const std::string second = take_amount(text);
  if (second.empty() || !ends_with_currency(text)) return std::nullopt;
  fee.least = Amount{first, "EUR"};
  fee.most = Amount{second, "EUR"};
  return fee;
}

}  // namespace verbund::directory::dldb
