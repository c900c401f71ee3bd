// SPDX-License-Identifier: EUPL-1.2
// Command lines that teach, and a progress bar. Exit status: 0 done, 1 failed, 2 wrong usage.
#pragma once

#include <cstdio>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace verbund::command {

struct Option {
  std::string name;          // "limit" for --limit
  std::string value;         // what to write for the value in the help: "N"; empty: a switch
  std::string help;
  std::string fallback;      // shown in the help if not empty
  bool required = false;
};

struct Arguments {
  std::vector<std::string> words;                       // positional
  std::map<std::string, std::string, std::less<>> options;  // given ones (switch: "true")
  bool has(std::string_view name) const;
  std::string get(std::string_view name, std::string_view otherwise = {}) const;
};

struct Command {
  std::vector<std::string> path;      // {"import", "xzufi"}
  std::string operands;               // "PATH..." as shown in the help
  std::size_t least_words = 0;
  std::size_t most_words = 0;         // SIZE_MAX: any number
  std::string summary;                // one line
  std::string explanation;            // paragraphs: what it does, what it writes, examples that work
  std::vector<Option> options;
  std::function<int(const Arguments&)> run;
};

class Program {
 public:
  Program(std::string name, std::string about, std::vector<Option> common_options);
  void add(Command command);
  // Asked before a command runs, with its path; its error is reported instead.
  void before(std::function<Result<void>(const std::vector<std::string>& path, const Arguments&)> check);
  // Parses and runs. --help anywhere explains (stdout, 0); a mistake prints one line with the nearest known word and
  // where to read more (stderr, 2). Options: --name value, --name=value, -o for --output; "--" ends options.
  int run(const std::vector<std::string>& arguments, std::FILE* out, std::FILE* err) const;

 private:
  std::string name_, about_;
  std::vector<Option> common_;
  std::vector<Command> commands_;
  std::function<Result<void>(const std::vector<std::string>&, const Arguments&)> before_;
};

// Prints "name: message (hint)" as one line and gives the exit status of the error (2 for usage, else 1).
int report(std::FILE* err, std::string_view program, const Error& error);

// One line on a terminal, redrawn at most ten times a second: "Import xzufi  [#####.....] 42 %  12.3 MiB  1,204 Objekte";
// nothing at all where `out` is no terminal, except the last line on finish(). Destruction erases an unfinished bar.
class Progress {
 public:
  Progress(std::FILE* out, std::string title, std::uint64_t total_bytes);
  ~Progress();
  void bytes(std::uint64_t done);
  void items(std::uint64_t done);
  void finish(std::string_view last_line);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace verbund::command
