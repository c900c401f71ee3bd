// SPDX-License-Identifier: EUPL-1.2
#include "faces/portal/texts.h"

#include <algorithm>
#include <stdexcept>

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

std::string Wording::operator()(std::string_view key) const { return or_defect(messages_->text(key)); }

std::string Wording::operator()(std::string_view key, const Values& values) const {
  return or_defect(messages_->text(key, values));
}

std::string Wording::count(std::string_view key, std::size_t number, Values values) const {
  values["count"] = std::to_string(number);
  return (*this)(std::string(key) + (number == 1 ? ".one" : ".many"), values);
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
    for (const auto& [key, text] : messages.begin()->second.all()) {
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
