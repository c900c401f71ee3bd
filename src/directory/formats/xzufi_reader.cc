// SPDX-License-Identifier: EUPL-1.2
#include "directory/formats/xzufi_reader.h"

#include <array>
#include <utility>

#include "base/text.h"

namespace verbund::directory::xzufi {
namespace {

constexpr std::array<std::pair<std::string_view, ObjectKind>, 8> object_elements = {{
    {"leistung", ObjectKind::service},
    {"ergebnisleistung", ObjectKind::service},
    {"spezialisierung", ObjectKind::specialisation},
    {"leistungspezialisierung", ObjectKind::specialisation},
    {"organisationseinheit", ObjectKind::unit},
    {"ergebnisorganisationseinheit", ObjectKind::unit},
    {"onlinedienst", ObjectKind::online_service},
    {"zustaendigkeittransferobjekt", ObjectKind::responsibility},
}};

std::optional<ObjectKind> kind_of_element(std::string_view name) {
  const std::string low = to_lower_ascii(name);
  for (const auto& [element, kind] : object_elements) {
    if (low == element) return kind;
  }
  return std::nullopt;
}

// Values of loesche/@klasse.
std::optional<ObjectKind> kind_of_class(std::string_view name) {
  const std::string low = to_lower_ascii(trim(name));
  if (low == "leistung") return ObjectKind::service;
  if (low == "leistungspezialisierung" || low == "spezialisierung") return ObjectKind::specialisation;
  if (low == "organisationseinheit") return ObjectKind::unit;
  if (low == "onlinedienst") return ObjectKind::online_service;
  if (low == "zustaendigkeit" || low == "zustaendigkeitorganisationseinheit" || low == "zustaendigkeitonlinedienst") {
    return ObjectKind::responsibility;
  }
  return std::nullopt;
}

// The first schemeAgencyID below nachrichtenkopf: whose message it is.
std::string agency_of_sender(const Element& head, int depth = 0) {
  if (auto agency = trim(head.attribute("schemeAgencyID")); !agency.empty()) return std::string(agency);
  if (depth > 4) return {};
  for (const auto& element : head.children) {
    if (auto agency = agency_of_sender(element, depth + 1); !agency.empty()) return agency;
  }
  return {};
}

class Message {
 public:
  explicit Message(Receiver& receiver) : receiver_(receiver) {}

  Result<void> root(const Element& root, std::string_view document) {
    const std::string ns = to_lower_ascii(root.ns);
    const bool by_namespace = ns.find("/xzufi/2_") != std::string::npos;
    const bool by_version =
        trim(root.attribute("xzufiVersion")).starts_with("2") && ns.find("/xzufi/") == std::string::npos;
    if (by_namespace || by_version) return {};
    return fail(ErrorCode::invalid, "Das ist keine XZuFi-Nachricht der Versionen 2.1 bis 2.3 (Wurzelelement „" +
                                        std::string(cut_utf8(root.name, 60)) + "“, Namensraum „" +
                                        std::string(cut_utf8(root.ns, 100)) + "“)",
                std::string(document) + ":" + std::to_string(root.line),
                "erwartet wird der Namensraum http://xoev.de/schemata/xzufi/2_2_0 oder 2_3_1");
  }

  void item(const Element& element) {
    const std::string name = to_lower_ascii(element.name);
    if (name == "schreibe") return write(element);
    if (name == "loesche") return remove(element);
    if (name == "nachrichtenkopf") {
      if (++heads_ > 1)
        receiver_.warning({element.line, "", "Die Nachricht hat mehr als einen Nachrichtenkopf.", {}, {}});
      if (agency_.empty()) agency_ = agency_of_sender(element);
      return;
    }
    if (name == "antwort") {  // answers of an Infodienst (2.1) wrap their results once more
      for (const auto& each : element.children) {
        if (auto kind = kind_of_element(each.name)) object(*kind, each);
      }
      return;
    }
    if (auto kind = kind_of_element(name)) object(*kind, element);  // anything else is not ours to understand
  }

  void end() {
    if (heads_ == 0) receiver_.warning({0, "", "Die Nachricht hat keinen Nachrichtenkopf.", {}, {}});
  }

  std::uint64_t items() const { return items_; }

 private:
  Scope scope() {
    return Scope(agency_, [this](std::string_view ags) { return receiver_.area_of_ags(ags); });
  }

  void write(const Element& element) {
    const Element* found = nullptr;
    ObjectKind kind{};
    for (const auto& each : element.children) {
      const auto its_kind = kind_of_element(each.name);
      if (!its_kind) continue;
      if (found) {
        ++items_;
        return receiver_.skipped({element.line, "", "Ein schreibe enthält mehr als ein Objekt.", {}, {}});
      }
      found = &each;
      kind = *its_kind;
    }
    if (found) return object(kind, *found);
    ++items_;
    receiver_.skipped({element.line, "", "Ein schreibe enthält kein bekanntes Objekt.", {}, {}});
  }

  void object(ObjectKind kind, const Element& at) {
    ++items_;
    Scope its = scope();
    if (kind == ObjectKind::service) {
      finish(its, at, kind, read_service(its, at));
    } else if (kind == ObjectKind::specialisation) {
      finish(its, at, kind, read_specialisation(its, at));
    } else if (kind == ObjectKind::responsibility) {
      finish(its, at, kind, read_responsibility(its, at));
    } else if (kind == ObjectKind::unit) {
      holder(its, at, kind, read_unit(its, at));
    } else {
      holder(its, at, kind, read_online_service(its, at));
    }
  }

  template <typename T>
  bool sound(const Scope& its, const Element& at, ObjectKind kind, const T& read) {
    if (!its.fault()) return true;
    Remark remark{its.fault()->line ? its.fault()->line : at.line, "", its.fault()->reason, kind, read.id};
    const auto* id = child(at, {"id"});
    remark.object = !read.id.empty() ? external_id(kind, read.id) : id ? text_of(*id) : "";
    receiver_.skipped(remark);
    return false;
  }

  template <typename T>
  void finish(const Scope& its, const Element& at, ObjectKind kind, const T& read) {
    if (sound(its, at, kind, read)) receiver_.write(read);
  }

  // A fault in an embedded responsibility skips that one only.
  template <typename T>
  void holder(const Scope& its, const Element& at, ObjectKind kind, const T& read) {
    if (!sound(its, at, kind, read)) return;
    std::vector<Responsibility> embedded;
    for (const auto* each : children(at, {"zustaendigkeit"})) {
      Scope inner(read.id.agency, its.resolver());
      auto responsibility = read_embedded_responsibility(inner, *each, kind, read.id);
      if (sound(inner, *each, ObjectKind::responsibility, responsibility))
        embedded.push_back(std::move(responsibility));
    }
    receiver_.write(read, embedded);
  }

  void remove(const Element& element) {
    ++items_;
    const auto kind = kind_of_class(element.attribute("klasse"));
    const auto ids = children(element, {"id"});
    if (!kind) {
      return receiver_.skipped(
          {element.line,
           ids.empty() ? "" : text_of(*ids.front()),
           "Unbekannte Klasse „" + std::string(cut_utf8(element.attribute("klasse"), 60)) + "“ in loesche.",
           {},
           {}});
    }
    if (ids.empty()) return receiver_.skipped({element.line, "", "Ein loesche nennt keine Kennung.", kind, {}});
    for (const auto* each : ids) {
      Scope its = scope();
      const ObjectId id = object_id(its, *each);
      if (its.fault()) {
        receiver_.skipped({each->line, text_of(*each), its.fault()->reason, kind, {}});
      } else {
        receiver_.remove(*kind, id);
      }
    }
  }

  Receiver& receiver_;
  std::string agency_;
  int heads_ = 0;
  std::uint64_t items_ = 0;
};

}  // namespace

Result<void> read_message(const std::string& path, Receiver& receiver,
                          const std::function<void(std::size_t bytes_read, std::uint64_t items)>& progress) {
  Message message(receiver);
  auto read = xml::read_items(
      path, [&](const Element& root) { return message.root(root, path); },
      [&](const Element& item) {
        message.item(item);
        return Result<void>{};
      },
      {}, [&](std::size_t bytes) {
        if (progress) progress(bytes, message.items());
      });
  if (!read) return pass(read);
  message.end();
  return {};
}

Result<void> read_message_from_memory(std::string_view bytes, std::string_view name, Receiver& receiver) {
  Message message(receiver);
  auto read = xml::read_items_from_memory(
      bytes, name, [&](const Element& root) { return message.root(root, name); },
      [&](const Element& item) {
        message.item(item);
        return Result<void>{};
      });
  if (!read) return pass(read);
  message.end();
  return {};
}

}  // namespace verbund::directory::xzufi
