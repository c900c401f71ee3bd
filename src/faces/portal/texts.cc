// SPDX-License-Identifier: EUPL-1.2
#include "faces/portal/texts.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "base/text.h"

namespace verbund::portal {
namespace {

std::string or_defect(Result<std::string> text) {
  if (!text) throw std::logic_error("interface text: " + text.error().text());
  return std::move(*text);
}

}  // namespace

std::string_view known_language(std::string_view wanted) {
  auto found = std::find(languages.begin(), languages.end(), wanted);
  return found == languages.end() ? languages[0] : *found;
}

bool right_to_left(std::string_view language) { return language == "ar"; }

std::string_view locale_of(std::string_view language) {
  static constexpr std::pair<std::string_view, std::string_view> locales[] = {
      {"en", "en_GB"}, {"tr", "tr_TR"}, {"uk", "uk_UA"}, {"ar", "ar_AR"}};
  for (const auto& [code, locale] : locales) {
    if (code == language) return locale;
  }
  return "de_DE";
}

std::string_view plural_form(std::string_view language, std::size_t number) {
  const std::size_t ones = number % 10, tens = number % 100;
  if (language == "uk") {
    if (ones == 1 && tens != 11) return "one";
    return ones >= 2 && ones <= 4 && (tens < 12 || tens > 14) ? "few" : "many";
  }
  if (language == "ar") {
    if (number == 1) return "one";
    if (number == 2) return "two";
    return tens >= 3 && tens <= 10 ? "few" : "many";
  }
  return number == 1 ? "one" : "many";
}

std::string_view accepted_language(std::string_view header) {
  std::string_view best;
  std::int64_t best_weight = 0;   // thousandths
  for (const std::string_view part : split(cut_utf8(header, 500), ',')) {
    const std::size_t semicolon = part.find(';');
    const std::string tag = to_lower_ascii(trim(part.substr(0, semicolon)));
    std::int64_t weight = 1000;
    if (semicolon != std::string_view::npos) {
      std::string_view value = trim(part.substr(semicolon + 1));
      if (!value.starts_with("q=") && !value.starts_with("Q=")) continue;
      value.remove_prefix(2);
      if (value.empty() || (value[0] != '0' && value[0] != '1')) continue;
      std::string digits(value.substr(value.size() > 1 && value[1] == '.' ? 2 : 1));
      digits.resize(3, '0');
      const auto parsed = parse_number(digits);
      if (!parsed) continue;
      weight = value[0] == '1' ? 1000 : *parsed;
    }
    const std::string_view main = std::string_view(tag).substr(0, tag.find('-'));
    const auto found = std::find(languages.begin(), languages.end(), main);
    if (found == languages.end() || weight <= best_weight) continue;
    best = *found;
    best_weight = weight;
  }
  return best;
}

std::string Wording::operator()(std::string_view key) const { return or_defect(messages_->text(key)); }

std::string Wording::operator()(std::string_view key, const Values& values) const {
  return or_defect(messages_->text(key, values));
}

std::string Wording::count(std::string_view key, std::size_t number, Values values) const {
  values["count"] = std::to_string(number);
  const std::string_view form = plural_form(language_, number);
  std::string wanted = std::string(key) + "." + std::string(form);
  if ((form == "few" || form == "two") && !messages_->all().contains(wanted)) wanted = std::string(key) + ".many";
  return (*this)(wanted, values);
}

Result<Texts> Texts::load(std::span<const embed::File> files) {
  std::map<std::string, std::string> sources;
  std::map<std::string, page::Messages, std::less<>> messages;
  for (const embed::File& file : files) {
    std::string_view path = file.path;
    if (path.starts_with("templates/") && path.ends_with(".html")) {
      path.remove_prefix(10);
      path.remove_suffix(5);
      sources.emplace(path, file.bytes);
    } else if (path.starts_with("texts/") && path.ends_with(".txt")) {
      path.remove_prefix(6);
      path.remove_suffix(4);
      auto parsed = page::Messages::parse(file.bytes, file.path);
      if (!parsed) return pass(parsed);
      messages.emplace(path, std::move(*parsed));
    }
  }
  for (std::string_view language : languages) {
    auto found = messages.find(language);
    if (found == messages.end()) {
      return fail(ErrorCode::invalid, "no texts in this language", "texts/" + std::string(language) + ".txt");
    }
    // Every language asks every other for its keys, but for the further forms of counted things.
    for (const auto& [key, text] : messages.find(languages[0])->second.all()) {
      if (!found->second.all().contains(key)) {
        return fail(ErrorCode::invalid, "the text " + key + " is missing", "texts/" + std::string(language) + ".txt");
      }
    }
  }
  auto templates = page::Templates::load(sources);
  if (!templates) return pass(templates);
  return Texts{std::move(*templates), std::move(messages)};
}

}  // namespace verbund::portal
