// SPDX-License-Identifier: EUPL-1.2
#include "app/sql_check.h"

#include <algorithm>
#include <cctype>
#include <set>

namespace verbund::app {
namespace {

enum class Kind { name, text, number, sign };

struct Token {
  Kind kind;
  std::string_view text;  // a sign is one character
  std::size_t line;
};

bool is_letter(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

// C++ as far as literals, comments and names go.
class Reader {
 public:
  explicit Reader(std::string_view source) : rest_(source) {}

  std::vector<Token> all() {
    while (!rest_.empty()) {
      if (rest_.starts_with("//")) take(rest_.find('\n'));
      else if (rest_.starts_with("/*")) take(after(rest_.find("*/", 2), 2));
      else if (const std::size_t end = raw_end(); end > 0) add(Kind::text, end);
      else if (rest_.front() == '"' || rest_.front() == '\'')
        add(rest_.front() == '"' ? Kind::text : Kind::number, quoted());
      else if (std::isspace(static_cast<unsigned char>(rest_.front())) != 0) take(1);
      else if (std::isdigit(static_cast<unsigned char>(rest_.front())) != 0) add(Kind::number, word("'."));
      else if (is_letter(rest_.front())) add(Kind::name, word(""));
      else add(Kind::sign, 1);
    }
    return std::move(out_);
  }

 private:
  static std::size_t after(std::size_t found, std::size_t length) {
    return found == std::string_view::npos ? found : found + length;
  }
  std::size_t word(std::string_view also) const {
    std::size_t end = 1;
    while (end < rest_.size() && (is_letter(rest_[end]) || also.find(rest_[end]) != std::string_view::npos)) ++end;
    return end;
  }
  std::size_t quoted() const {
    std::size_t end = 1;
    while (end < rest_.size() && rest_[end] != rest_.front()) end += rest_[end] == '\\' ? 2 : 1;
    return end + 1;
  }
  // R"x(...)x"; 0 if there is none.
  std::size_t raw_end() const {
    if (!rest_.starts_with("R\"")) return 0;
    const std::size_t open = rest_.find('(');
    if (open == std::string_view::npos) return 0;
    const std::string close = ")" + std::string(rest_.substr(2, open - 2)) + "\"";
    return after(rest_.find(close, open), close.size());
  }
  void add(Kind kind, std::size_t length) {
    length = std::min(length, rest_.size());
    out_.push_back({kind, rest_.substr(0, length), line_});
    take(length);
  }
  void take(std::size_t length) {
    length = std::min(length, rest_.size());
    line_ += static_cast<std::size_t>(std::ranges::count(rest_.substr(0, length), '\n'));
    rest_.remove_prefix(length);
  }

  std::string_view rest_;
  std::size_t line_ = 1;
  std::vector<Token> out_;
};

using Tokens = std::vector<Token>;
using Names = std::set<std::string_view, std::less<>>;

bool opens(const Token& token) {
  return token.kind == Kind::sign && std::string_view("({[").find(token.text) != std::string_view::npos;
}
bool closes(const Token& token) {
  return token.kind == Kind::sign && std::string_view(")}]").find(token.text) != std::string_view::npos;
}

// Where the bracket that opens at `at` is closed; the end where it is not.
std::size_t closing(const Tokens& tokens, std::size_t at) {
  std::size_t depth = 0;
  for (; at < tokens.size(); ++at) {
    if (opens(tokens[at])) ++depth;
    if (closes(tokens[at]) && --depth == 0) return at;
  }
  return tokens.size();
}

// The end of the argument that begins at `at`: its comma or the bracket that closes the call.
std::size_t argument_end(const Tokens& tokens, std::size_t at) {
  while (at < tokens.size() && tokens[at].text != "," && !closes(tokens[at])) {
    at = opens(tokens[at]) ? closing(tokens, at) + 1 : at + 1;
  }
  return std::min(at, tokens.size());
}

// Literals and names of constants, joined by +; std::string(...) around them changes nothing.
bool is_constant(const Tokens& tokens, std::size_t from, std::size_t until, const Names& constants) {
  // A choice: what is before the ? decides and is no part of the text.
  for (std::size_t at = from; at < until; ++at) {
    if (tokens[at].text == "?" && tokens[at].kind == Kind::sign) {
      from = at + 1;
      break;
    }
  }
  bool said = false;
  for (std::size_t at = from; at < until; ++at) {
    const Token& token = tokens[at];
    if (token.kind == Kind::text || (token.kind == Kind::name && constants.contains(token.text))) {
      said = true;
    } else if (token.kind == Kind::name) {
      if (token.text != "std" && token.text != "string" && token.text != "string_view") return false;
    } else if (token.kind == Kind::number || std::string_view("+():?").find(token.text) == std::string_view::npos) {
      return false;
    }
  }
  return said;
}

// Names that the file makes constants of: constexpr TYPE NAME = literals;
Names constants_of(const Tokens& tokens) {
  Names out;
  for (std::size_t at = 0; at < tokens.size(); ++at) {
    if (tokens[at].text != "constexpr" || tokens[at].kind != Kind::name) continue;
    std::size_t equals = at;
    while (equals < tokens.size() && tokens[equals].text != "=" && tokens[equals].text != ";" &&
           tokens[equals].text != "(") {
      ++equals;
    }
    if (equals == tokens.size() || tokens[equals].text != "=") continue;
    std::size_t end = equals;
    while (end < tokens.size() && tokens[end].text != ";") ++end;
    std::size_t name = equals - 1;
    while (name > at && tokens[name].kind != Kind::name) --name;  // constexpr char NAME[]
    if (name > at && is_constant(tokens, equals + 1, end, out)) out.insert(tokens[name].text);
  }
  return out;
}

bool is_test(std::string_view path) {
  const std::string_view file = path.substr(path.rfind('/') + 1);
  return path.ends_with("_test.cc") || path.find("/testing/") != std::string_view::npos || file.starts_with("test_") ||
         path.ends_with("_fuzz.cc");
}

}  // namespace

std::vector<std::string> sql_violations(std::string_view path, std::string_view source) {
  std::vector<std::string> out;
  if (is_test(path) || path.starts_with("kits/store/")) return out;
  const bool is_store = path.ends_with("_store.cc");
  const Tokens tokens = Reader(source).all();
  const Names constants = constants_of(tokens);
  const auto found = [&](std::size_t at, std::string_view what) {
    out.push_back(std::string(path) + ":" + std::to_string(tokens[at].line) + ": " + std::string(what));
  };
  for (std::size_t at = 2; at + 1 < tokens.size(); ++at) {
    const Token& token = tokens[at];
    if (token.kind != Kind::name) continue;
    const bool called = tokens[at + 1].text == "(" && tokens[at + 1].kind == Kind::sign;
    const bool arrow = tokens[at - 1].text == ">" && tokens[at - 2].text == "-";
    const bool member = tokens[at - 1].text == "." || arrow;
    if ((token.text == "prepare" || token.text == "execute") && called && member) {
      const std::size_t receiver = tokens[at - 1].text == "." ? at - 2 : at - 3;
      const bool literal = at + 2 < tokens.size() && tokens[at + 2].kind == Kind::text;
      const bool on_connection = tokens[receiver].text.find("onnection") != std::string_view::npos;
      if (is_store && !is_constant(tokens, at + 2, argument_end(tokens, at + 2), constants)) {
        found(at, "a statement that is not whole in the text of the program");
      } else if (!is_store && (literal || on_connection)) {
        found(at, "a statement outside a *_store.cc file");
      }
    }
    if (token.text == "bulk" && called && member) {
      const std::size_t comma = argument_end(tokens, at + 2);
      const std::size_t end = argument_end(tokens, std::min(comma + 1, tokens.size()));
      if (!is_store || !is_constant(tokens, at + 2, comma, constants) ||
          !is_constant(tokens, std::min(comma + 1, tokens.size()), end, constants)) {
        found(at, "rows for a table whose name or columns are not in the text of the program");
      }
    }
    // Steps of a schema: in store::Migration{...} and in functions called x_migrations that write any.
    const bool migrations = token.text.ends_with("_migrations") && called &&
                            closing(tokens, at + 1) + 1 < tokens.size() &&
                            tokens[closing(tokens, at + 1) + 1].text == "{";
    const bool migration = token.text == "Migration" && tokens[at + 1].text == "{";
    if (!migrations && !migration) continue;
    const std::size_t begin = migration ? at + 1 : closing(tokens, at + 1) + 1;
    const std::size_t end = closing(tokens, begin);
    const auto range =
        std::ranges::subrange(tokens.begin() + static_cast<std::ptrdiff_t>(begin),
                              tokens.begin() + static_cast<std::ptrdiff_t>(std::min(end, tokens.size())));
    const bool writes =
        migration || std::ranges::any_of(range, [](const Token& one) { return one.kind == Kind::text; });
    const bool plain = std::ranges::all_of(range, [&](const Token& one) {
      if (one.kind == Kind::sign) return std::string_view("{},;").find(one.text) != std::string_view::npos;
      return one.kind != Kind::name || one.text == "return" || constants.contains(one.text);
    });
    if (writes && !plain) found(at, "a step of a schema that is not whole in the text of the program");
  }
  return out;
}

}  // namespace verbund::app
