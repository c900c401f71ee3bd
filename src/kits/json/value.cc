// SPDX-License-Identifier: EUPL-1.2
#include "base/check.h"
#include "kits/json/json.h"

namespace verbund {

const Json* Json::find(std::string_view key) const {
  const Object* object = if_object();
  if (!object) return nullptr;
  const auto found = object->find(key);
  return found == object->end() ? nullptr : &found->second;
}

const Json& Json::operator[](std::string_view key) const {
  static const Json null;
  const Json* found = find(key);
  return found ? *found : null;
}

std::string_view Json::text_or(std::string_view key, std::string_view otherwise) const {
  const Json* found = find(key);
  const std::string* text = found ? found->if_string() : nullptr;
  return text ? std::string_view(*text) : otherwise;
}

Json& Json::set(std::string key, Json value) {
  if (is_null()) value_ = Object();
  Object* object = if_object();
  VERBUND_CHECK(object != nullptr);
  object->insert_or_assign(std::move(key), std::move(value));
  return *this;
}

Json& Json::push(Json value) {
  if (is_null()) value_ = Array();
  Array* array = if_array();
  VERBUND_CHECK(array != nullptr);
  array->push_back(std::move(value));
  return *this;
}

}  // namespace verbund
