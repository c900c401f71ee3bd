// SPDX-License-Identifier: EUPL-1.2
#include "base/text.h"
#include "kits/xml/xml.h"

namespace verbund::xml {

const Element* Element::child(std::string_view local_name) const {
  for (const Element& element : children) {
    if (element.name == local_name) return &element;
  }
  return nullptr;
}

std::vector<const Element*> Element::all(std::string_view local_name) const {
  std::vector<const Element*> out;
  for (const Element& element : children) {
    if (element.name == local_name) out.push_back(&element);
  }
  return out;
}

std::string_view Element::attribute(std::string_view local_name) const {
  for (const Attribute& a : attributes) {
    if (a.name == local_name) return a.value;
  }
  return {};
}

std::string_view Element::child_text(std::string_view local_name) const {
  const Element* found = child(local_name);
  return found ? trim(found->text) : std::string_view();
}

}  // namespace verbund::xml
