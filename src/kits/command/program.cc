// SPDX-License-Identifier: EUPL-1.2
#include <algorithm>
#include <exception>
#include <optional>

#include "base/check.h"
#include "kits/command/help.h"

namespace verbund::command {
namespace {

constexpr int kDone = 0;
constexpr int kFailed = 1;
constexpr int kWrongUsage = 2;

void print(std::FILE* out, const std::string& text) {
  std::fwrite(text.data(), 1, text.size(), out);
  std::fflush(out);
}

bool begins_with(const std::vector<std::string>& path, const std::vector<std::string>& begin) {
  return path.size() >= begin.size() && std::equal(begin.begin(), begin.end(), path.begin());
}

const Option* find_option(const std::vector<Option>& options, std::string_view name) {
  auto found = std::find_if(options.begin(), options.end(), [&](const Option& option) { return option.name == name; });
  return found == options.end() ? nullptr : &*found;
}

bool is_help(const std::string& argument) { return argument == "--help" || argument == "-h"; }
bool is_option(const std::string& argument) { return argument.size() > 1 && argument[0] == '-'; }

// One line for a terminal: what came in quotes from outside must not break it.
std::string one_line(std::string text) {
  for (char& c : text) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
  }
  return text;
}

struct Mistake {
  std::string what;
};

// The arguments of one command, the words of its path left out.
std::expected<Arguments, Mistake> read_arguments(const std::vector<std::string>& given, const Command& command,
                                                 const std::vector<Option>& common) {
  Arguments out;
  bool only_words = false;
  for (std::size_t i = 0; i < given.size(); ++i) {
    const std::string& argument = given[i];
    if (only_words || !is_option(argument)) {
      out.words.push_back(argument);
      continue;
    }
    if (argument == "--") {
      only_words = true;
      continue;
    }
    const std::size_t equals = argument.find('=');
    const std::string shown = argument.substr(0, equals);
    const std::string name = shown == "-o" ? "output" : shown.starts_with("--") ? shown.substr(2) : "";
    const Option* option = find_option(command.options, name);
    if (option == nullptr) option = find_option(common, name);
    if (option == nullptr) {
      std::vector<std::string> known;
      for (const auto* options : {&command.options, &common}) {
        for (const Option& each : *options) known.push_back("--" + each.name);
      }
      const std::string meant = nearest(shown, known);
      return std::unexpected(
          Mistake{"unbekannte Option " + shown + (meant.empty() ? "" : ", meinten Sie " + meant + "?")});
    }
    if (option->value.empty()) {
      if (equals != argument.npos) return std::unexpected(Mistake{"Option --" + name + " nimmt keinen Wert"});
      out.options[name] = "true";
    } else if (equals != argument.npos) {
      out.options[name] = argument.substr(equals + 1);
    } else if (i + 1 < given.size() && !given[i + 1].starts_with("--")) {
      out.options[name] = given[++i];
    } else {
      return std::unexpected(Mistake{"Option --" + name + " braucht einen Wert: --" + name + " " + option->value});
    }
  }
  for (const Option& option : command.options) {
    if (option.required && !out.has(option.name)) {
      return std::unexpected(Mistake{"es fehlt --" + option.name + (option.value.empty() ? "" : " " + option.value)});
    }
  }
  if (out.words.size() < command.least_words) return std::unexpected(Mistake{"es fehlt " + command.operands});
  if (out.words.size() > command.most_words) {
    return std::unexpected(Mistake{"zu viel angegeben: " + out.words[command.most_words]});
  }
  return out;
}

}  // namespace

bool Arguments::has(std::string_view name) const { return options.contains(name); }

std::string Arguments::get(std::string_view name, std::string_view otherwise) const {
  auto found = options.find(name);
  return found == options.end() ? std::string(otherwise) : found->second;
}

Program::Program(std::string name, std::string about, std::vector<Option> common_options)
    : name_(std::move(name)), about_(std::move(about)), common_(std::move(common_options)) {}

void Program::add(Command command) {
  VERBUND_CHECK(!command.path.empty() && command.run);
  commands_.push_back(std::move(command));
}

void Program::before(std::function<Result<void>(const std::vector<std::string>&, const Arguments&)> check) {
  before_ = std::move(check);
}

int Program::run(const std::vector<std::string>& arguments, std::FILE* out, std::FILE* err) const {
  // The path is the leading words that begin some command's path; options may stand between them.
  std::vector<std::string> path;
  std::vector<std::string> rest;
  std::string unknown;        // the first word that is no part of a path
  bool help = false;
  bool in_path = true;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string& argument = arguments[i];
    if (argument == "--") {
      rest.insert(rest.end(), arguments.begin() + static_cast<std::ptrdiff_t>(i), arguments.end());
      break;
    }
    if (is_help(argument) || (i == 0 && argument == "help")) {
      help = true;
      continue;
    }
    if (is_option(argument)) {
      rest.push_back(argument);
      const Option* common = argument.starts_with("--") ? find_option(common_, argument.substr(2)) : nullptr;
      if (in_path && common != nullptr && !common->value.empty() && i + 1 < arguments.size())
        rest.push_back(arguments[++i]);
      continue;
    }
    if (in_path) {
      path.push_back(argument);
      if (std::any_of(commands_.begin(), commands_.end(), [&](const Command& c) { return begins_with(c.path, path); }))
        continue;
      path.pop_back();
      in_path = false;
      unknown = argument;
    }
    rest.push_back(argument);
  }
  const auto command =
      std::find_if(commands_.begin(), commands_.end(), [&](const Command& c) { return c.path == path; });
  const auto mistake = [&](const std::string& what, const std::string& about) {
    print(err, one_line(name_ + ": " + what + " (Hilfe: " + name_ + about + " --help)") + "\n");
    return kWrongUsage;
  };
  const std::string prefix = path.empty() ? "" : " " + joined(path);
  if (help) {
    if (command != commands_.end()) {
      print(out, command_help(name_, *command, common_));
      return kDone;
    }
    if (unknown.empty()) {
      print(out, group_help(name_, about_, path, commands_, common_));
      return kDone;
    }
  }
  if (command == commands_.end()) {
    if (unknown.empty() && path.empty() && rest.empty()) {
      print(err, group_help(name_, about_, path, commands_, common_));
      return kWrongUsage;
    }
    std::vector<std::string> known;
    for (const Command& each : commands_) {
      if (begins_with(each.path, path)) known.push_back(each.path[path.size()]);
    }
    if (unknown.empty()) {
      std::sort(known.begin(), known.end());
      known.erase(std::unique(known.begin(), known.end()), known.end());
      std::string list;
      for (const std::string& word : known) list += (list.empty() ? "" : ", ") + word;
      return mistake("welcher Befehl? " + name_ + prefix + " mit " + list, prefix);
    }
    const std::string meant = nearest(unknown, known);
    return mistake("unbekannter Befehl" + prefix + " " + unknown +
                       (meant.empty() ? "" : ", meinten Sie" + prefix + " " + meant + "?"),
                   prefix);
  }
  auto read = read_arguments(rest, *command, common_);
  if (!read) return mistake(read.error().what, prefix);
  try {
    if (before_) {
      if (auto may = before_(command->path, *read); !may) return report(err, name_, may.error());
    }
    return command->run(*read);
  } catch (const std::exception& e) {  // the edge: an engine failure (disk full, file damaged) ends the command
    print(err, one_line(name_ + ": " + e.what()) + "\n");
    return kFailed;
  }
}

int report(std::FILE* err, std::string_view program, const Error& error) {
  print(err, one_line(std::string(program) + ": " + error.text()) + "\n");
  return error.code == ErrorCode::usage ? kWrongUsage : kFailed;
}

}  // namespace verbund::command
