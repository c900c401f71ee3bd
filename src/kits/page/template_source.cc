// SPDX-License-Identifier: EUPL-1.2
// Source: mustache(5) manual; we take variables, sections, inverted sections, partials and comments.
#include "kits/page/template_source.h"

#include <algorithm>

#include "base/text.h"

namespace verbund::page {
namespace {

bool is_name_byte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

bool is_dotted_name(std::string_view name) {
  for (std::string_view part : split(name, '.')) {
    if (part.empty() || !std::all_of(part.begin(), part.end(), is_name_byte)) return false;
  }
  return true;
}

bool is_blank(std::string_view text) { return text.find_first_not_of(" \t\r") == std::string_view::npos; }

class Preparation {
 public:
  explicit Preparation(const std::map<std::string, std::string>& sources) : sources_(sources) {}

  Result<PreparedTemplate> run(std::string_view name) {
    auto source = sources_.find(std::string(name));
    if (source == sources_.end()) return fail(ErrorCode::not_found, "no template named " + std::string(name));
    if (auto r = expand(source->first, source->second); !r) return pass(r);
    return std::move(out_);
  }

 private:
  struct Open {
    std::string name;
    std::size_t number;
    std::string where;
  };

  // One template's text; sections opened in it must be closed in it.
  Result<void> expand(const std::string& name, std::string_view text) {
    if (!is_utf8(text)) return fail(ErrorCode::invalid, "the template is not UTF-8", name);
    if (std::find(including_.begin(), including_.end(), name) != including_.end()) {
      return fail(ErrorCode::invalid, "the template includes itself", name, "write a list as a section instead");
    }
    if (including_.size() >= kMostTemplateDepth)
      return fail(ErrorCode::too_large, "too many partials in one another", name);
    including_.push_back(name);
    std::vector<Open> open;
    std::size_t at = 0;
    std::size_t counted = 0;
    std::size_t line = 1;
    while (true) {
      const std::size_t begin = text.find("{{", at);
      if (auto r = append(text.substr(at, begin == text.npos ? text.npos : begin - at), name); !r) return r;
      if (begin == text.npos) break;
      line += static_cast<std::size_t>(std::count(text.begin() + static_cast<std::ptrdiff_t>(counted),
                                                  text.begin() + static_cast<std::ptrdiff_t>(begin), '\n'));
      counted = begin;
      const std::string where = name + ":" + std::to_string(line);
      const std::size_t end = text.find("}}", begin + 2);
      if (end == text.npos) return fail(ErrorCode::invalid, "the tag is not closed", where, "end it with }}");
      const std::string_view tag = trim(text.substr(begin + 2, end - begin - 2));
      at = end + 2;
      if (auto r = one_tag(tag, where, text, begin, at, open); !r) return r;
    }
    if (!open.empty()) {
      return fail(ErrorCode::invalid, "section " + open.back().name + " is not closed", open.back().where);
    }
    including_.pop_back();
    return {};
  }

  Result<void> one_tag(std::string_view tag, const std::string& where, std::string_view text, std::size_t begin,
                       std::size_t& at, std::vector<Open>& open) {
    if (tag.empty()) return fail(ErrorCode::invalid, "the tag is empty", where);
    const char sign = tag[0];
    const std::string name(trim(tag.substr(std::string_view("#^/>!").find(sign) == std::string_view::npos ? 0 : 1)));
    switch (sign) {
      case '{':
      case '&':
        return fail(ErrorCode::invalid, "raw output is not allowed: {{" + std::string(cut_utf8(tag, 40)) + "}}", where,
                    "write {{name}} and hand in Markup made from sanitised text");
      case '=':
        return fail(ErrorCode::invalid, "changing the delimiters is not allowed", where);
      case '!':
        skip_own_line(text, begin, at);
        return {};
      case '>':
        return partial(name, where);
      case '/':
        if (open.empty() || open.back().name != name) {
          return fail(ErrorCode::invalid, "{{/" + name + "}} closes no section", where,
                      open.empty() ? "" : "section " + open.back().name + " is open since " + open.back().where);
        }
        out_.source += "{{/" + std::to_string(open.back().number) + "}}";
        open.pop_back();
        return {};
      case '#':
      case '^':
        if (name == "t") return text_key(sign, where, text, at);
        return begin_section(sign, name, where, open);
      default:
        if (name == "t") return fail(ErrorCode::invalid, "t is no value", where, "write {{#t}}key{{/t}}");
        return reference("", Tag::Use::value, name, where);
    }
  }

  Result<void> begin_section(char sign, const std::string& name, const std::string& where, std::vector<Open>& open) {
    if (open.size() + including_.size() >= kMostTemplateDepth) {
      return fail(ErrorCode::too_large, "too many sections in one another", where);
    }
    open.push_back({name, out_.tags.size(), where});
    return reference(std::string(1, sign), Tag::Use::section, name, where);
  }

  Result<void> partial(const std::string& name, const std::string& where) {
    auto source = sources_.find(name);
    if (source == sources_.end()) return fail(ErrorCode::invalid, "no template named " + name + " to include", where);
    std::string_view text = source->second;
    if (text.ends_with('\n')) text.remove_suffix(1);  // the line of the tag has its own end
    return expand(source->first, text);
  }

  // {{#t}}key{{/t}}; `at` moves behind the closing tag.
  Result<void> text_key(char sign, const std::string& where, std::string_view text, std::size_t& at) {
    const std::size_t close = text.find("{{", at);
    const std::size_t end = close == text.npos ? text.npos : text.find("}}", close + 2);
    if (sign == '^' || end == text.npos || trim(text.substr(close + 2, end - close - 2)) != "/t") {
      return fail(ErrorCode::invalid, "an interface text is written {{#t}}key{{/t}}, with nothing but a key in it",
                  where);
    }
    const std::string key(trim(text.substr(at, close - at)));
    if (!is_dotted_name(key))
      return fail(ErrorCode::invalid, "not the key of a text: " + std::string(cut_utf8(key, 40)), where);
    at = end + 2;
    out_.source += "{{" + std::to_string(out_.tags.size()) + "}}";
    out_.tags.push_back({Tag::Use::text_key, {key}, key, where});
    return {};
  }

  Result<void> reference(const std::string& sign, Tag::Use use, const std::string& name, const std::string& where) {
    Tag tag{use, {}, name, where};
    if (name != ".") {
      if (!is_dotted_name(name)) {
        return fail(ErrorCode::invalid, "not a name: " + std::string(cut_utf8(name, 40)), where,
                    "names have letters, digits, _ and -, joined by dots");
      }
      for (std::string_view part : split(name, '.')) tag.path.emplace_back(part);
    }
    out_.source += "{{" + sign + std::to_string(out_.tags.size()) + "}}";
    out_.tags.push_back(std::move(tag));
    return {};
  }

  // A comment alone on its line takes the line with it.
  void skip_own_line(std::string_view text, std::size_t begin, std::size_t& at) {
    const std::size_t line_begin = begin == 0 ? 0 : text.rfind('\n', begin - 1) + 1;  // npos + 1 == 0
    const std::size_t line_end = text.find('\n', at);
    if (line_end == text.npos || !is_blank(text.substr(line_begin, begin - line_begin)) ||
        !is_blank(text.substr(at, line_end - at))) {
      return;
    }
    out_.source.resize(out_.source.size() - (begin - line_begin));  // the blanks before it
    at = line_end + 1;
  }

  Result<void> append(std::string_view text, const std::string& name) {
    if (out_.source.size() + text.size() > kMostTemplateBytes || out_.tags.size() > kMostTemplateBytes / 16) {
      return fail(ErrorCode::too_large, "the template with its partials is over 1 MiB", name);
    }
    out_.source += text;
    return {};
  }

  const std::map<std::string, std::string>& sources_;
  std::vector<std::string> including_;
  PreparedTemplate out_;
};

}  // namespace

Result<PreparedTemplate> prepare_template(std::string_view name, const std::map<std::string, std::string>& sources) {
  return Preparation(sources).run(name);
}

}  // namespace verbund::page
