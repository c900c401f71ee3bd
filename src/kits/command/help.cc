// SPDX-License-Identifier: EUPL-1.2
#include "kits/command/help.h"

#include <algorithm>

#include "base/text.h"
#include "kits/text/text.h"

namespace verbund::command {
namespace {

constexpr std::size_t kColumns = 96;
constexpr std::size_t kWidestTerm = 28;  // longer ones get a line of their own

std::size_t characters(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  }));
}

// "  term   explanation", wrapped, the explanations one below the other.
std::string definition_list(const std::vector<std::pair<std::string, std::string>>& rows) {
  std::size_t widest = 0;
  for (const auto& [term, unused] : rows) {
    if (characters(term) <= kWidestTerm) widest = std::max(widest, characters(term));
  }
  const std::string indent(widest + 4, ' ');
  std::string out;
  for (const auto& [term, explanation] : rows) {
    std::string line = "  " + term;
    if (characters(term) > widest) {
      out += line + "\n";
      line = indent;
    } else {
      line.append(indent.size() - 2 - characters(term), ' ');
    }
    bool first = true;
    for (std::string_view word : split(explanation, ' ')) {
      if (word.empty()) continue;
      if (!first && characters(line) + 1 + characters(word) > kColumns) {
        out += line + "\n";
        line = indent;
        first = true;
      }
      if (!first) line += ' ';
      line += word;
      first = false;
    }
    out += line + "\n";
  }
  return out;
}

std::pair<std::string, std::string> row(const Option& option) {
  std::string term = (option.name == "output" ? "-o, --" : "--") + option.name;
  if (!option.value.empty()) term += " " + option.value;
  std::string help = option.help;
  if (option.required) help += " (nötig)";
  if (!option.fallback.empty()) help += " (Standard: " + option.fallback + ")";
  return {term, help};
}

std::string common_help(const std::vector<Option>& common) {
  std::vector<std::pair<std::string, std::string>> rows;
  for (const Option& option : common) rows.push_back(row(option));
  rows.emplace_back("--help", "zeigt diese Hilfe");
  return "\nFür alle Befehle:\n" + definition_list(rows);
}

}  // namespace

std::string joined(const std::vector<std::string>& path) {
  std::string out;
  for (const std::string& word : path) out += (out.empty() ? "" : " ") + word;
  return out;
}

std::string usage_line(const std::string& program, const Command& command) {
  std::string out = program + " " + joined(command.path);
  for (const Option& option : command.options) {
    if (option.required) out += " --" + option.name + (option.value.empty() ? "" : " " + option.value);
  }
  out += " [Optionen]";
  if (!command.operands.empty()) out += " " + command.operands;
  return out;
}

std::string command_help(const std::string& program, const Command& command, const std::vector<Option>& common) {
  std::string out = "Aufruf: " + usage_line(program, command) + "\n\n" + command.summary + "\n";
  if (!command.explanation.empty()) {
    out += "\n" + command.explanation;
    if (!command.explanation.ends_with('\n')) out += "\n";
  }
  if (!command.options.empty()) {
    std::vector<std::pair<std::string, std::string>> rows;
    for (const Option& option : command.options) rows.push_back(row(option));
    out += "\nOptionen:\n" + definition_list(rows);
  }
  return out + common_help(common);
}

std::string group_help(const std::string& program, const std::string& about, const std::vector<std::string>& group,
                       const std::vector<Command>& commands, const std::vector<Option>& common) {
  const std::string prefix = group.empty() ? "" : " " + joined(group);
  std::string out = "Aufruf: " + program + prefix + " BEFEHL [Optionen] ...\n";
  if (group.empty()) out += "\n" + about + (about.ends_with('\n') ? "" : "\n");
  std::vector<std::pair<std::string, std::string>> rows;
  for (const Command& command : commands) {
    if (command.path.size() < group.size() || !std::equal(group.begin(), group.end(), command.path.begin())) continue;
    rows.emplace_back(joined(command.path), command.summary);
  }
  out += "\nBefehle:\n" + definition_list(rows) + common_help(common);
  return out + "\nMehr zu einem Befehl: " + program + prefix + " BEFEHL --help\n";
}

std::string nearest(std::string_view word, const std::vector<std::string>& candidates) {
  std::string best;
  std::size_t least = std::min<std::size_t>(3, 1 + characters(word) / 3) + 1;
  for (const std::string& candidate : candidates) {
    if (word.size() >= 2 && candidate.starts_with(word)) return candidate;
    const std::size_t distance = text::edit_distance(word, candidate, least - 1);
    if (distance < least) {
      least = distance;
      best = candidate;
    }
  }
  return best;
}

}  // namespace verbund::command
