// SPDX-License-Identifier: EUPL-1.2
#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "base/text.h"
#include "directory/formats/stock.h"
#include "directory/formats/stock_message.h"
#include "directory/objects/object_pages.h"
#include "kits/json/json.h"

namespace verbund::directory {
namespace {

constexpr std::size_t page_bytes = 4u << 20;
constexpr std::size_t most_objects = 1000;
constexpr std::size_t most_changes = 5000;  // looked at for one page

// What others name first; the kinds of an export in its order.
constexpr std::array<ObjectKind, 5> order = {ObjectKind::unit, ObjectKind::service, ObjectKind::specialisation,
                                             ObjectKind::online_service, ObjectKind::responsibility};

std::optional<ObjectKind> kind_after(ObjectKind kind) {
  const auto next = std::find(order.begin(), order.end(), kind) + 1;
  return next == order.end() ? std::nullopt : std::optional(*next);
}

std::string escaped(std::string_view text) {
  static constexpr const char* digits = "0123456789abcdef";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
    if (plain) {
      out += c;
    } else {
      out += '~';
      out += digits[byte >> 4];
      out += digits[byte & 15];
    }
  }
  return out;
}

std::optional<std::string> unescaped(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '~') {
      out += text[i];
      continue;
    }
    const auto value = [](char c) { return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1; };
    if (i + 2 >= text.size() || value(text[i + 1]) < 0 || value(text[i + 2]) < 0) return std::nullopt;
    out += static_cast<char>(value(text[i + 1]) * 16 + value(text[i + 2]));
    i += 2;
  }
  return out;
}

// A page as it grows.
class Builder {
 public:
  explicit Builder(StockForm form) : form_(form) {}

  void put(ObjectKind kind, const ObjectId& id, std::string_view body) {
    bodies_.push_back({kind, id, std::string(body)});
    bytes_ += body.size();
  }
  void withdraw(ObjectKind kind, const ObjectId& id) { withdrawn_.push_back({kind, id, {}}); }
  bool full(std::size_t most) const { return size() >= most || bytes_ >= page_bytes; }
  std::size_t size() const { return bodies_.size() + withdrawn_.size(); }

  std::string take() {
    std::stable_sort(bodies_.begin(), bodies_.end(), [](const StockObject& a, const StockObject& b) {
      return std::find(order.begin(), order.end(), a.kind) < std::find(order.begin(), order.end(), b.kind);
    });
    if (form_ == StockForm::xzufi) return stock_message(bodies_, withdrawn_);
    Json::Array objects, withdrawn;
    for (const StockObject& object : bodies_) {
      objects.push_back(Json::object({{"kind", name(object.kind)},
                                      {"id", external_id(object.kind, object.id)},
                                      {"body", parse_json(object.body, "body").value_or(Json())}}));
    }
    for (const StockObject& object : withdrawn_) {
      withdrawn.push_back(Json::object({{"kind", name(object.kind)}, {"id", external_id(object.kind, object.id)}}));
    }
    return Json::object({{"objects", std::move(objects)}, {"withdrawn", std::move(withdrawn)}}).to_canonical();
  }

 private:
  const StockForm form_;
  std::vector<StockObject> bodies_, withdrawn_;
  std::size_t bytes_ = 0;
};

void read_stock(store::Connection& connection, StockCursor& cursor, std::size_t most, const StockAreas& areas,
                Builder& page) {
  while (cursor.kind && !page.full(most)) {
    bool stopped = false;
    const std::size_t wanted = most - page.size();
    const std::size_t read = each_body_after(connection, *cursor.kind, cursor.after, {}, wanted,
                                             [&](const ObjectId& id, std::string_view body) {
                                               if (stopped || page.full(most)) {
                                                 stopped = true;
                                                 return;
                                               }
                                               if (areas.want(body)) page.put(*cursor.kind, id, body);
                                               cursor.after = id;
                                             });
    if (stopped || read == wanted) return;
    cursor.kind = kind_after(*cursor.kind);
    cursor.after = {};
  }
}

void read_changes(const ObjectStore& objects, StockCursor& cursor, std::size_t most, const StockAreas& areas,
                  Builder& page) {
  std::set<std::pair<ObjectKind, ObjectId>> seen;
  bool stopped = false;
  objects.each_change(cursor.since, most_changes, [&](const Change& change) {
    if (stopped || page.full(most)) {
      stopped = true;
      return;
    }
    cursor.since = change.sequence;
    if (!seen.emplace(change.kind, change.id).second) return;
    const auto body = objects.body(change.kind, change.id);
    body && areas.want(*body) ? page.put(change.kind, change.id, *body) : page.withdraw(change.kind, change.id);
  });
}

}  // namespace

std::string StockCursor::to_text() const {
  if (since < 0) return "";
  if (!kind) return std::to_string(since);
  std::string out = std::to_string(since) + "_" + std::string(letters(*kind));
  if (!after.empty()) out += "_" + escaped(after.agency) + "_" + escaped(after.local);
  return out;
}

Result<StockCursor> StockCursor::parse(std::string_view text) {
  StockCursor out;
  if (text.empty()) return out;
  const auto bad = fail(ErrorCode::invalid, "Diese Stelle im Bestand gibt es nicht", "", "von vorn beginnen");
  if (text.size() > 1024) return bad;
  const auto parts = split(text, '_');
  const auto since = parse_number(parts[0]);
  if (!since || std::to_string(*since) != parts[0]) return bad;
  out.since = *since;
  if (parts.size() == 1) return out;
  for (const ObjectKind kind : order) {
    if (letters(kind) == parts[1]) out.kind = kind;
  }
  if (!out.kind || (parts.size() != 2 && parts.size() != 4)) return bad;
  if (parts.size() == 4) {
    const auto agency = unescaped(parts[2]), local = unescaped(parts[3]);
    if (!agency || !local) return bad;
    auto id = make_object_id(*agency, *local);
    if (!id) return bad;
    out.after = std::move(*id);
  }
  if (out.to_text() != text) return bad;
  return out;
}

Result<StockAreas> StockAreas::parse(std::string_view text) {
  StockAreas out;
  if (trim(text).empty()) return out;
  for (std::string_view word : split(text, ',')) {
    word = trim(word);
    if (word.ends_with('*')) word.remove_suffix(1);
    auto key = AreaKey::parse(word);
    if (!key || key->digits().empty() || out.areas_.size() == most) {
      return fail(ErrorCode::invalid, "Regionalschlüssel sind 2 bis 12 Ziffern, durch Kommas getrennt, höchstens 100", "",
                  "etwa 010600063063 oder 01*,09162");
    }
    out.areas_.push_back(std::move(*key));
  }
  return out;
}

bool StockAreas::want(std::string_view body) const {
  if (areas_.empty() || body.find("\"areas\":[") == std::string_view::npos) return true;
  const auto object = parse_json(body, "body");
  const Json::Array* said = object ? (*object)["areas"].if_array() : nullptr;
  if (said == nullptr || said->empty()) return true;
  return std::any_of(said->begin(), said->end(), [&](const Json& one) {
    const std::string* digits = one.if_string();
    const auto key = digits == nullptr ? Result<AreaKey>(AreaKey()) : AreaKey::parse(*digits);
    return !key || std::any_of(areas_.begin(), areas_.end(), [&](const AreaKey& area) {
      return area.contains(*key) || key->contains(area);
    });
  });
}

Result<StockPage> stock_page(store::Connection& connection, const StockCursor& cursor, std::size_t most,
                             StockForm form, const StockAreas& areas) {
  const ObjectStore objects(connection);
  const std::int64_t last = objects.last_sequence();
  if (cursor.since > last) {
    return fail(ErrorCode::invalid, "Diese Stelle liegt nach der letzten Änderung dieses Knotens", "",
                "von vorn beginnen");
  }
  StockPage out;
  out.next = cursor;
  if (cursor.since < 0) {
    out.next.since = last;
    out.next.kind = order.front();
  }
  most = std::clamp<std::size_t>(most, 1, most_objects);
  Builder page(form);
  if (out.next.kind) read_stock(connection, out.next, most, areas, page);
  if (!out.next.kind) read_changes(objects, out.next, most, areas, page);
  out.objects = page.size();
  out.complete = !out.next.kind && out.next.since == last;
  out.content = page.take();
  return out;
}

}  // namespace verbund::directory
