// SPDX-License-Identifier: EUPL-1.2
#include "directory/identity/object.h"

#include <algorithm>
#include <cstdint>

#include "base/text.h"

namespace verbund::directory {
namespace {

constexpr std::size_t agency_bytes = 64;
constexpr std::size_t local_bytes = 200;

bool is_alphanumeric(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

// Unicode 15: general category Cc and property White_Space.
bool is_space_or_control(std::uint32_t c) {
  return c <= 0x20 || (c >= 0x7F && c <= 0xA0) || c == 0x1680 || (c >= 0x2000 && c <= 0x200A) || c == 0x2028 ||
         c == 0x2029 || c == 0x202F || c == 0x205F || c == 0x3000;
}

// Requires: `text` is well-formed UTF-8.
bool has_space_or_control(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i]);
    const std::size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    std::uint32_t c = length == 1 ? lead : lead & (0xFFu >> (length + 1));
    for (std::size_t k = 1; k < length; ++k) c = (c << 6) | (static_cast<unsigned char>(text[i + k]) & 0x3Fu);
    if (is_space_or_control(c)) return true;
    i += length;
  }
  return false;
}

// For messages: what was given, without its bytes that would spoil a terminal.
std::string shown(std::string_view text) {
  if (!is_utf8(text)) return "(not UTF-8)";
  std::string out;
  for (char c : cut_utf8(text, 80)) out += static_cast<unsigned char>(c) < 0x20 || c == 0x7F ? ' ' : c;
  return "\"" + out + "\"";
}

}  // namespace

std::string_view letters(ObjectKind kind) {
  switch (kind) {
    case ObjectKind::service: return "LB";
    case ObjectKind::specialisation: return "SP";
    case ObjectKind::unit: return "OE";
    case ObjectKind::online_service: return "OD";
    case ObjectKind::responsibility: return "ZS";
  }
  return {};
}

std::string_view name(ObjectKind kind) {
  switch (kind) {
    case ObjectKind::service: return "service";
    case ObjectKind::specialisation: return "specialisation";
    case ObjectKind::unit: return "unit";
    case ObjectKind::online_service: return "online_service";
    case ObjectKind::responsibility: return "responsibility";
  }
  return {};
}

Result<ObjectKind> object_kind_from_name(std::string_view text) {
  for (const ObjectKind kind : all_object_kinds)
    if (name(kind) == text) return kind;
  return fail(ErrorCode::invalid, "unknown kind of object " + shown(text), {},
              "service, specialisation, unit, online_service or responsibility");
}

Result<ObjectId> make_object_id(std::string_view agency, std::string_view local) {
  if (agency.empty() || agency.size() > agency_bytes)
    return fail(ErrorCode::invalid, "the agency of an identifier has 1 to 64 characters, not " +
                                        std::to_string(agency.size()));
  if (!is_alphanumeric(agency[0]) ||
      !std::all_of(agency.begin(), agency.end(), [](char c) { return is_alphanumeric(c) || c == '_' || c == '-'; }))
    return fail(ErrorCode::invalid, "the agency of an identifier starts with a letter or digit and has only letters, "
                                    "digits, _ and -, not " + shown(agency));
  if (local.empty() || local.size() > local_bytes)
    return fail(ErrorCode::invalid, "the local part of an identifier has 1 to 200 bytes, not " +
                                        std::to_string(local.size()));
  if (!is_utf8(local)) return fail(ErrorCode::invalid, "the local part of an identifier is not UTF-8");
  if (has_space_or_control(local))
    return fail(ErrorCode::invalid,
                "the local part of an identifier has no white space or control characters, unlike " + shown(local));
  return ObjectId{std::string(agency), std::string(local)};
}

std::string external_id(ObjectKind kind, const ObjectId& id) {
  std::string out = id.agency;
  out.append(".").append(letters(kind)).append(".").append(id.local);
  return out;
}

Result<std::pair<ObjectKind, ObjectId>> parse_external_id(std::string_view text) {
  // An agency has no dot, a local part may have.
  const auto first = text.find('.');
  const auto second = first == text.npos ? text.npos : text.find('.', first + 1);
  if (second == text.npos)
    return fail(ErrorCode::invalid, shown(text) + " is no identifier", {}, "as in L100002.LB.121345242");
  const auto middle = text.substr(first + 1, second - first - 1);
  for (const ObjectKind kind : all_object_kinds) {
    if (letters(kind) != middle) continue;
    auto id = make_object_id(text.substr(0, first), text.substr(second + 1));
    if (!id) return pass(id);
    return std::pair(kind, std::move(*id));
  }
  return fail(ErrorCode::invalid, "unknown letters in the identifier " + shown(text), {}, "LB, SP, OE, OD or ZS");
}

Result<ObjectId> parse_external_id(ObjectKind kind, std::string_view text) {
  auto parsed = parse_external_id(text);
  if (!parsed) return pass(parsed);
  if (parsed->first != kind) {
    return fail(ErrorCode::invalid, shown(text) + " names an object of another kind", {},
                "expected the letters " + std::string(letters(kind)));
  }
  return std::move(parsed->second);
}

}  // namespace verbund::directory
