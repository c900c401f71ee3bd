// SPDX-License-Identifier: EUPL-1.2
#include "directory/catalogue/service.h"

#include "base/text.h"

namespace verbund::directory {
namespace {

// The texts of the first module with this code that says anything.
const LocalisedTexts* contents(const Modules& modules, std::string_view code) {
  for (const TextModule& module : modules.texts)
    if (module.code == code && !module.content.empty()) return &module.content;
  return nullptr;
}

bool says_life_event(std::string_view text) {
  const std::string lower = to_lower_ascii(text);
  return lower.find("pvlagen") != lower.npos || lower.find("lebenslage") != lower.npos;
}

}  // namespace

std::string_view pick_exact(const LocalisedTexts& texts, std::string_view language) {
  for (const LocalisedText& text : texts)
    if (text.language == language && !text.text.empty()) return text.text;
  return {};
}

std::string_view pick(const LocalisedTexts& texts, std::string_view language) {
  if (const auto text = pick_exact(texts, language); !text.empty()) return text;
  if (const auto text = pick_exact(texts, "de"); !text.empty()) return text;
  for (const LocalisedText& text : texts)
    if (!text.text.empty()) return text.text;
  return {};
}

const TextModule* find_text(const Modules& modules, std::string_view code) {
  for (const TextModule& module : modules.texts)
    if (module.code == code) return &module;
  return nullptr;
}

std::string_view citizen_title(const Service& service, std::string_view language) {
  const LocalisedTexts* titles[] = {contents(service.modules, text_code::citizen_title),
                                    contents(service.modules, text_code::title)};
  for (const std::string_view wanted : {language, std::string_view("de")})
    for (const LocalisedTexts* title : titles)
      if (title)
        if (const auto text = pick_exact(*title, wanted); !text.empty()) return text;
  for (const LocalisedTexts* title : titles)
    if (title)
      if (const auto text = pick(*title, language); !text.empty()) return text;
  return {};
}

std::string_view service_key(const Service& service) {
  for (const Code& key : service.service_keys)
    if (key.code.size() == 14 && is_digits(key.code)) return key.code;
  return {};
}

bool is_life_event(const Category& category) {
  for (const LocalisedText& text : category.class_name) {
    const std::string lower = to_lower_ascii(trim(text.text));
    if (lower == "lebenslage" || lower == "lebenslagen") return true;
  }
  const Identifier& id = category.class_id;
  for (const std::string* part : {&id.value, &id.scheme, &id.scheme_name, &id.scheme_uri, &id.data_uri})
    if (says_life_event(*part)) return true;
  const Identifier& own = category.id;
  for (const std::string* part : {&own.scheme, &own.scheme_name, &own.scheme_uri, &own.data_uri})
    if (says_life_event(*part)) return true;
  return false;
}

}  // namespace verbund::directory
