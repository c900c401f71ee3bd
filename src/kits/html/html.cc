// SPDX-License-Identifier: EUPL-1.2
// Reading foreign HTML with libxml2's parser, whose events go straight into our own small tree.
#include "kits/html/html.h"

#include <libxml/HTMLparser.h>

#include <algorithm>
#include <array>
#include <memory>

#include "base/text.h"
#include "kits/html/fragment.h"

namespace verbund::html {
namespace {

constexpr std::size_t longest = 1u << 20;  // of what we read, and of what we write
constexpr std::size_t longest_address = 2048;
// Elements open at once in the source. The parser looks through all of them at each end tag, so that this bounds its
// time, too. No text of an office comes near.
constexpr std::size_t deepest_source = 512;

constexpr std::array<std::string_view, 7> vanishing = {"script", "style",  "template", "iframe",
                                                       "object", "noscript", "noframes"};
constexpr std::array<std::string_view, 29> running = {
    "abbr", "acronym", "bdi",  "bdo",    "big",  "cite",  "code", "data", "del", "dfn",
    "font", "html",    "body", "ins",    "kbd",  "label", "mark", "nobr", "q",   "s",
    "samp", "small",   "span", "strike", "time", "tt",    "u",    "var",  "wbr"};
constexpr std::array<std::string_view, 4> schemes = {"http", "https", "mailto", "tel"};

template <std::size_t size>
bool contains(const std::array<std::string_view, size>& list, std::string_view name) {
  return std::find(list.begin(), list.end(), name) != list.end();
}

// One character at the start of `text`: its length (0 for a byte that is no UTF-8) and code point.
std::size_t decode(std::string_view text, char32_t& point) {
  const auto first = static_cast<unsigned char>(text.front());
  const std::size_t length = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
  const std::string_view bytes = text.substr(0, length);
  if (first == 0) {
    point = 0;
    return 1;
  }
  if (!is_utf8(bytes)) return 0;
  point = length == 1 ? first : first & (0x7Fu >> length);
  for (const char c : bytes.substr(1)) point = (point << 6) | (static_cast<unsigned char>(c) & 0x3Fu);
  return length;
}

// Characters without width or meaning in a text: controls, zero-width and direction marks, non-characters.
bool is_unwanted(char32_t c) {
  if (c == '\t' || c == '\n' || c == '\r') return false;
  return c < 0x20 || (c >= 0x7F && c <= 0x9F) || (c >= 0x200B && c <= 0x200F) || (c >= 0x202A && c <= 0x202E) ||
         (c >= 0x2060 && c <= 0x206F) || c == 0xFEFF || (c >= 0xFDD0 && c <= 0xFDEF) || (c & 0xFFFE) == 0xFFFE;
}

// Broken bytes become U+FFFD, unwanted characters go.
std::string clean(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const auto first = static_cast<unsigned char>(text.front());
    if (first >= 0x20 && first < 0x7F) {
      out += text.front();
      text.remove_prefix(1);
      continue;
    }
    char32_t point = 0;
    const std::size_t length = decode(text, point);
    if (length == 0) {
      out += "\uFFFD";
    } else if (!is_unwanted(point)) {
      out += text.substr(0, length);
    }
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return out;
}

// An address as it may stand in our pages, or "" if it must not. Browsers drop white space at the ends and line breaks
// anywhere before they look for the scheme, and so do we. Source: WHATWG URL, 4.4, basic URL parser, steps 1 and 3.
std::string clean_address(std::string_view raw) {
  constexpr std::string_view hex = "0123456789ABCDEF";
  std::string address = clean(raw);
  std::erase_if(address, [](char c) { return c == '\t' || c == '\n' || c == '\r'; });
  const std::string_view trimmed = trim(address);
  std::string out;
  for (const char c : trimmed) {
    if (std::string_view(" \"<>\\^`{|}").find(c) != std::string_view::npos) {
      out += '%';
      out += hex[static_cast<unsigned char>(c) >> 4];
      out += hex[static_cast<unsigned char>(c) & 15];
    } else {
      out += c;
    }
  }
  // What comes before the first colon is a scheme, unless the path, query or fragment has begun.
  const std::size_t mark = out.find_first_of(":/?#");
  const bool has_scheme = mark != std::string::npos && out[mark] == ':';
  if (has_scheme && !contains(schemes, to_lower_ascii(std::string_view(out).substr(0, mark)))) return {};
  return out.size() <= longest_address ? out : std::string();
}

// What the parser's events work on.
struct Reading {
  htmlParserCtxtPtr parser = nullptr;
  FragmentBuilder builder;
  std::size_t depth = 0;
  std::size_t vanish_from = 0;  // depth of the outermost element that vanishes with its content; 0 if in none
};

Reading& reading(void* user) { return *static_cast<Reading*>(user); }

std::string_view view(const xmlChar* text) { return reinterpret_cast<const char*>(text); }

void on_start(void* user, const xmlChar* raw_name, const xmlChar** attributes) {
  Reading& r = reading(user);
  const std::string name = to_lower_ascii(view(raw_name));
  if (++r.depth > deepest_source || r.builder.is_full()) {
    xmlStopParser(r.parser);
    return;
  }
  if (r.vanish_from != 0) return;
  if (contains(vanishing, name)) {
    r.vanish_from = r.depth;
    return;
  }
  const Tag tag = tag_of(name);
  if (tag == Tag::br) {
    r.builder.line_break();
    r.builder.begin_unwrapped(false);
    return;
  }
  if (tag == Tag::a) {
    std::string address;
    for (; attributes && attributes[0]; attributes += 2) {
      if (attributes[1] && to_lower_ascii(view(attributes[0])) == "href") address = clean_address(view(attributes[1]));
    }
    if (address.empty()) {
      r.builder.begin_unwrapped(false);
    } else {
      r.builder.begin(Tag::a, std::move(address));
    }
    return;
  }
  if (tag == Tag::none) {
    r.builder.begin_unwrapped(!contains(running, name));
  } else {
    r.builder.begin(tag);
  }
}

void on_end(void* user, const xmlChar*) {
  Reading& r = reading(user);
  if (r.depth == 0) return;
  if (r.vanish_from == 0) {
    r.builder.end();
  } else if (r.vanish_from == r.depth) {
    r.vanish_from = 0;
  }
  --r.depth;
}

void on_text(void* user, const xmlChar* text, int length) {
  Reading& r = reading(user);
  if (r.vanish_from != 0 || length <= 0) return;
  r.builder.text(clean(view(text).substr(0, static_cast<std::size_t>(length))));
}

struct ParserDeleter {
  void operator()(htmlParserCtxtPtr parser) const { htmlFreeParserCtxt(parser); }
};

Node read(std::string_view fragment) {
  const std::string source = clean(cut_utf8(fragment, longest));
  Reading r;
  // Most texts of a catalogue have no markup at all.
  if (source.find_first_of("<&") == std::string::npos) {
    r.builder.text(source);
    return r.builder.take();
  }
  const std::string document = "<html><body>" + source;
  const std::unique_ptr<htmlParserCtxt, ParserDeleter> parser(htmlNewParserCtxt());
  if (!parser) throw std::bad_alloc();
  *parser->sax = htmlSAXHandler{};
  parser->sax->startElement = on_start;
  parser->sax->endElement = on_end;
  parser->sax->characters = on_text;
  parser->sax->ignorableWhitespace = on_text;
  parser->userData = &r;
  r.parser = parser.get();
  htmlCtxtReadMemory(parser.get(), document.data(), static_cast<int>(document.size()), nullptr, "UTF-8",
                     HTML_PARSE_RECOVER | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING | HTML_PARSE_NONET |
                         HTML_PARSE_IGNORE_ENC | HTML_PARSE_NODEFDTD);
  return r.builder.take();
}

}  // namespace

std::string sanitise(std::string_view fragment) {
  Node root = read(fragment);
  std::string out = write_html(root);
  if (out.size() <= longest) return out;
  shorten(root, longest);
  return write_html(root);
}

std::string to_plain_text(std::string_view fragment) { return write_words(read(fragment)); }

std::string escape(std::string_view text) {
  std::string out;
  out.reserve(text.size() + text.size() / 8);
  for (const char c : text) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      case '\'': out += "&#39;"; break;
      default: out += c;
    }
  }
  return out;
}

}  // namespace verbund::html
