// SPDX-License-Identifier: EUPL-1.2
#include "base/check.h"
#include "kits/xml/xml.h"

namespace verbund::xml {
namespace {

constexpr std::size_t flush_bytes = 64u << 10;

// Escapes text for between tags or, with `in_attribute`, for between quotation marks, where a reader would turn tabs
// and line feeds into spaces. Characters XML cannot hold are dropped. Source: XML 1.0, 2.2, 2.4, 3.3.3.
void append_escaped(std::string_view text, bool in_attribute, std::string& out) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += in_attribute ? "&quot;" : "\""; break;
      case '\t': out += in_attribute ? "&#9;" : "\t"; break;
      case '\n': out += in_attribute ? "&#10;" : "\n"; break;
      case '\xEF':
        if (text.substr(i, 3) == "\uFFFE" || text.substr(i, 3) == "\uFFFF") {
          i += 2;
        } else {
          out += c;
        }
        break;
      default:
        if (static_cast<unsigned char>(c) >= 0x20) out += c;
    }
  }
}

}  // namespace

struct Writer::State {
  struct Open {
    std::string name;
    bool has_children = false;
    bool has_text = false;
  };

  std::function<void(std::string_view)> sink;
  std::string buffer = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
  std::vector<Open> open;
  bool in_tag = false;  // the last start tag lacks its >
  bool done = false;    // the root was closed

  void end_tag() {
    if (in_tag) buffer += '>';
    in_tag = false;
  }
  void indent() { buffer.append(open.size() * 2, ' '); }
  void flush(std::size_t at_least) {
    if (buffer.size() < at_least || buffer.empty()) return;
    sink(buffer);
    buffer.clear();
  }
};

Writer::Writer(std::function<void(std::string_view)> sink) : state_(std::make_unique<State>()) {
  state_->sink = std::move(sink);
}

Writer::~Writer() = default;

void Writer::open(std::string_view qualified_name) {
  State& s = *state_;
  VERBUND_CHECK(!s.done);
  s.end_tag();
  if (!s.open.empty()) {
    s.open.back().has_children = true;
    // Within text a line break of ours would be part of the content.
    if (!s.open.back().has_text) {
      s.buffer += '\n';
      s.indent();
    }
  }
  s.buffer += '<';
  s.buffer += qualified_name;
  s.open.push_back({std::string(qualified_name), false, !s.open.empty() && s.open.back().has_text});
  s.in_tag = true;
}

void Writer::attribute(std::string_view qualified_name, std::string_view value) {
  State& s = *state_;
  VERBUND_CHECK(s.in_tag);
  s.buffer += ' ';
  s.buffer += qualified_name;
  s.buffer += "=\"";
  append_escaped(value, true, s.buffer);
  s.buffer += '"';
}

void Writer::text(std::string_view content) {
  State& s = *state_;
  VERBUND_CHECK(!s.open.empty());
  if (content.empty()) return;
  s.end_tag();
  s.open.back().has_text = true;
  append_escaped(content, false, s.buffer);
}

void Writer::close() {
  State& s = *state_;
  VERBUND_CHECK(!s.open.empty());
  const State::Open closing = std::move(s.open.back());
  s.open.pop_back();
  if (s.in_tag) {
    s.buffer += "/>";
    s.in_tag = false;
  } else {
    if (closing.has_children && !closing.has_text) {
      s.buffer += '\n';
      s.indent();
    }
    s.buffer += "</" + closing.name + ">";
  }
  s.done = s.open.empty();
  s.flush(flush_bytes);
}

void Writer::leaf(std::string_view qualified_name, std::string_view content) {
  open(qualified_name);
  text(content);
  close();
}

void Writer::finish() {
  State& s = *state_;
  VERBUND_CHECK(s.done);
  s.buffer += '\n';
  s.flush(0);
}

}  // namespace verbund::xml
