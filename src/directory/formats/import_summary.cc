// SPDX-License-Identifier: EUPL-1.2
// The summary of an import for people and for programs.
#include <array>

#include "directory/formats/import.h"

namespace verbund::directory {
namespace {

constexpr std::size_t findings_printed = 100;  // the rest is a number; --json has all that were kept

std::string_view plural(std::string_view kind) {
  if (kind == "service") return "Leistungen";
  if (kind == "specialisation") return "Spezialisierungen";
  if (kind == "unit") return "Organisationseinheiten";
  if (kind == "online_service") return "Onlinedienste";
  if (kind == "responsibility") return "Zuständigkeiten";
  if (kind == "area") return "Gebiete";
  if (kind == "postal_code") return "Postleitzahlen";
  return kind;
}

std::size_t width(std::string_view utf8) {
  std::size_t count = 0;
  for (char c : utf8) count += (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  return count;
}

std::string left(std::string_view text, std::size_t columns) {
  std::string out(text);
  out.append(columns - std::min(columns, width(text)), ' ');
  return out;
}

std::string right(std::string_view text, std::size_t columns) {
  return std::string(columns - std::min(columns, width(text)), ' ') + std::string(text);
}

std::string place(const ImportFinding& finding) {
  std::string out = finding.file;
  if (!out.empty() && finding.line > 0) out += ":" + std::to_string(finding.line);
  if (!finding.object.empty()) out += (out.empty() ? "" : " ") + finding.object;
  return out;
}

}  // namespace

Json ImportSummary::to_json() const {
  Json json = Json::object({{"source", source}, {"findings_total", findings_total}});
  Json by_kind{Json::Object{}};
  for (const auto& [kind, count] : kinds) {
    by_kind.set(kind, Json::object({{"added", count.added},
                                    {"changed", count.changed},
                                    {"unchanged", count.unchanged},
                                    {"withdrawn", count.withdrawn},
                                    {"skipped", count.skipped}}));
  }
  json.set("kinds", std::move(by_kind));
  Json list{Json::Array{}};
  for (const auto& finding : findings) {
    list.push(Json::object({{"severity", finding.severity == ImportFinding::Severity::skipped ? "skipped" : "warning"},
                            {"file", finding.file},
                            {"line", finding.line},
                            {"object", finding.object},
                            {"reason", finding.reason}}));
  }
  json.set("findings", std::move(list));
  return json;
}

std::string ImportSummary::to_text() const {
  constexpr std::size_t name_columns = 24, number_columns = 15;
  std::string out = "Quelle " + source + "\n";
  if (kinds.empty()) {
    out += "  Nichts geliefert.\n";
  } else {
    out += left("", name_columns);
    for (std::string_view head : {"neu", "geändert", "unverändert", "zurückgezogen", "übersprungen"}) {
      out += right(head, number_columns);
    }
    out += "\n";
  }
  bool effect = false;
  for (const auto& [kind, count] : kinds) {
    out += left("  " + std::string(plural(kind)), name_columns);
    for (std::int64_t number : {count.added, count.changed, count.unchanged, count.withdrawn, count.skipped}) {
      out += right(std::to_string(number), number_columns);
    }
    out += "\n";
    effect = effect || count.added + count.changed + count.withdrawn > 0;
  }
  if (!effect) out += "Der Bestand ist unverändert.\n";
  if (findings_total == 0) return out;

  out += "Auffälligkeiten: " + std::to_string(findings_total) + "\n";
  std::size_t printed = 0;
  for (const auto& finding : findings) {
    if (printed == findings_printed) break;
    ++printed;
    const std::string where = place(finding);
    out += finding.severity == ImportFinding::Severity::skipped ? "  übersprungen: " : "  Hinweis: ";
    out += (where.empty() ? "" : where + ": ") + finding.reason + "\n";
  }
  if (const auto rest = findings_total - static_cast<std::int64_t>(printed); rest > 0) {
    out += "  … und " + std::to_string(rest) + " weitere\n";
  }
  return out;
}

}  // namespace verbund::directory
