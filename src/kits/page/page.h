// SPDX-License-Identifier: EUPL-1.2
// Strict templates (mustache syntax, engine kainjow::mustache in page.cc only) and the texts of the interface.
//
// Strict: a name that the data does not have is an error, also in sections and partials; {{{x}}} and {{&x}} are refused
// when a template is loaded. HTML gets into a page only as Markup, which is made from sanitised text.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace verbund::page {

// HTML that html::sanitise (or our own code) made; written into the page as it is.
struct Markup {
  std::string html;
};

// What a template sees: text, markup, yes/no, lists and named values.
class Data {
 public:
  Data() = default;                                   // named values, none yet
  Data(const char* text) : kind_(Kind::text), text_(text) {}
  Data(std::string text) : kind_(Kind::text), text_(std::move(text)) {}
  Data(std::string_view text) : kind_(Kind::text), text_(text) {}
  Data(Markup markup) : kind_(Kind::markup), text_(std::move(markup.html)) {}
  Data(bool yes) : kind_(Kind::flag), flag_(yes) {}
  Data(std::vector<Data> list) : kind_(Kind::list), list_(std::move(list)) {}
  Data& set(std::string name, Data value);            // Requires: named values
  Data& add(Data value);                              // Requires: list

  enum class Kind { names, text, markup, flag, list };
  Kind kind() const { return kind_; }
  const std::string& text() const { return text_; }
  bool flag() const { return flag_; }
  const std::vector<Data>& list() const { return list_; }
  const std::map<std::string, Data, std::less<>>& names() const { return names_; }

 private:
  Kind kind_ = Kind::names;
  std::string text_;
  bool flag_ = false;
  std::vector<Data> list_;
  std::map<std::string, Data, std::less<>> names_;
};

// A set of templates; {{>name}} includes another of the set. {{#t}}key{{/t}} writes the interface text `key` of the
// language given to render, escaped. An empty text, an empty list and a false flag make {{#x}} skip and {{^x}} show.
class Templates {
 public:
  // Name -> source. Errors: invalid (syntax, raw output, unknown partial; `where` names template and line).
  static Result<Templates> load(const std::map<std::string, std::string>& sources);
  Templates(Templates&&) noexcept;
  Templates& operator=(Templates&&) noexcept;
  ~Templates();

  using Translate = std::function<Result<std::string>(std::string_view key)>;
  // Errors: not_found (template, name or text key missing).
  Result<std::string> render(std::string_view name, const Data& data, const Translate& translate) const;

 private:
  struct State;
  explicit Templates(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

// Interface texts of one language: lines "key = text", "# comment"; a text may hold {name} places.
class Messages {
 public:
  // Errors: invalid (line without "=", key twice; `where` is "name:line").
  static Result<Messages> parse(std::string_view source, std::string_view name);
  Result<std::string> text(std::string_view key) const;
  // Fills {name} places. Errors: not_found (key, or a place without value).
  Result<std::string> text(std::string_view key, const std::map<std::string, std::string, std::less<>>& values) const;
  const std::map<std::string, std::string, std::less<>>& all() const { return texts_; }

 private:
  std::map<std::string, std::string, std::less<>> texts_;
};

}  // namespace verbund::page
