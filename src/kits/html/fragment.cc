// SPDX-License-Identifier: EUPL-1.2
#include "kits/html/fragment.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

#include "base/text.h"

namespace verbund::html {
namespace {

constexpr std::array<std::string_view, 19> names = {"",  "p",      "br", "h1", "h2",  "h3",  "h4", "h5", "h6", "b",
                                                    "strong", "i", "em", "sup", "sub", "ul", "ol", "li", "a"};
// Lists are flattened from this depth on; a block and one inline element of each kind still fit under 64.
constexpr std::size_t deepest_list = 54;

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f'; }

// White space of HTML, and no-break spaces.
bool is_blank(std::string_view text) {
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (is_space(text[at])) continue;
    if (text.substr(at, 2) != "\xC2\xA0") return false;
    ++at;
  }
  return true;
}

bool is_blank(const Node& node) {
  if (node.tag == Tag::none) return is_blank(node.text);
  return std::all_of(node.children.begin(), node.children.end(), [](const Node& child) { return is_blank(child); });
}

// Folds the white space of the texts and line breaks of one block, which follow one another as the reader sees them.
class SpaceFolder {
 public:
  void add(Node& node) {
    if (node.tag == Tag::br) {
      trim_end();
      after_space_ = true;
    } else if (node.tag == Tag::none) {
      fold(node.text);
      texts_.push_back(&node);
    } else {
      for (Node& child : node.children) add(child);
    }
  }
  // At the end of the block, or before a line break.
  void trim_end() {
    while (!texts_.empty()) {
      std::string& last = texts_.back()->text;
      if (last.ends_with(' ')) last.pop_back();
      if (!last.empty()) break;
      texts_.pop_back();
    }
    texts_.clear();
    after_space_ = true;
  }

 private:
  void fold(std::string& text) {
    std::string out;
    out.reserve(text.size());
    for (const char c : text) {
      if (!is_space(c)) {
        out += c;
        after_space_ = false;
      } else if (!after_space_) {
        out += ' ';
        after_space_ = true;
      }
    }
    text = std::move(out);
  }

  std::vector<Node*> texts_;
  bool after_space_ = true;  // at the start of a block, too
};

// Drops empty texts and unwraps inline elements without any visible text.
void prune_inline(std::vector<Node>& nodes) {
  std::vector<Node> kept;
  kept.reserve(nodes.size());
  for (Node& node : nodes) {
    if (node.tag == Tag::none && node.text.empty()) continue;
    if (is_inline(node.tag)) {
      prune_inline(node.children);
      if (is_blank(node)) {
        std::move(node.children.begin(), node.children.end(), std::back_inserter(kept));
        continue;
      }
    }
    kept.push_back(std::move(node));
  }
  nodes = std::move(kept);
}

// Finishes the content of the root or of an li: runs of inline content are blocks without a name.
void finish_container(std::vector<Node>& nodes) {
  for (Node& node : nodes) {
    if (is_list(node.tag)) {
      for (Node& item : node.children) finish_container(item.children);
      std::erase_if(node.children, [](const Node& item) { return is_blank(item); });
    } else if (is_block(node.tag)) {
      SpaceFolder block;
      for (Node& child : node.children) block.add(child);
      block.trim_end();
      prune_inline(node.children);
    } else {
      continue;
    }
    if (is_blank(node)) node = {Tag::none, " ", {}};  // what stood around it stays apart
  }
  SpaceFolder run;
  for (Node& node : nodes) {
    if (is_list(node.tag) || is_block(node.tag)) {
      run.trim_end();
    } else {
      run.add(node);
    }
  }
  run.trim_end();
  prune_inline(nodes);
}

void append_escaped(std::string_view text, std::string& out) {
  for (const char c : text) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      default: out += c;
    }
  }
}

std::size_t escaped_size(char c) { return c == '&' ? 5 : c == '<' || c == '>' ? 4 : c == '"' ? 6 : 1; }

std::size_t escaped_size(std::string_view text) {
  std::size_t size = 0;
  for (const char c : text) size += escaped_size(c);
  return size;
}

// Bytes of the tags of an element.
std::size_t tags_size(Tag tag, std::string_view address) {
  if (tag == Tag::br) return std::string_view("<br>").size();
  const std::size_t bare = 2 * name_of(tag).size() + std::string_view("<></>").size();
  return tag == Tag::a ? bare + escaped_size(address) + std::string_view(" href=\"\"").size() : bare;
}

// Keeps of `nodes` what fits into `room` and lowers it by that. False if something was dropped.
bool keep_fitting(std::vector<Node>& nodes, std::size_t& room) {
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    Node& node = nodes[i];
    bool whole = true;
    if (node.tag == Tag::none) {
      std::size_t fitting = 0;
      while (fitting < node.text.size() && escaped_size(node.text[fitting]) <= room) {
        room -= escaped_size(node.text[fitting++]);
      }
      whole = fitting == node.text.size();
      node.text = cut_utf8(node.text, fitting);
    } else if (const std::size_t tags = tags_size(node.tag, node.text); tags > room) {
      nodes.resize(i);
      return false;
    } else {
      room -= tags;
      whole = keep_fitting(node.children, room);
    }
    if (!whole) {
      nodes.resize(i + 1);
      return false;
    }
  }
  return true;
}

void append_html(const Node& node, std::string& out) {
  if (node.tag == Tag::none) {
    append_escaped(node.text, out);
    return;
  }
  out += '<';
  out += name_of(node.tag);
  if (node.tag == Tag::a) {
    out += " href=\"";
    append_escaped(node.text, out);
    out += '"';
  }
  out += '>';
  if (node.tag == Tag::br) return;
  for (const Node& child : node.children) append_html(child, out);
  out += "</";
  out += name_of(node.tag);
  out += '>';
}

void append_words(const Node& node, std::string& out) {
  const bool apart = !is_inline(node.tag) && node.tag != Tag::none;
  if (apart && !out.empty() && out.back() != ' ') out += ' ';
  if (node.tag == Tag::none) out += node.text;
  for (const Node& child : node.children) append_words(child, out);
  if (apart && !out.empty() && out.back() != ' ') out += ' ';
}

}  // namespace

Tag tag_of(std::string_view name) {
  if (name.empty()) return Tag::none;
  const auto found = std::find(names.begin(), names.end(), name);
  return found == names.end() ? Tag::none : static_cast<Tag>(found - names.begin());
}

std::string_view name_of(Tag tag) { return names[static_cast<std::size_t>(tag)]; }
bool is_list(Tag tag) { return tag == Tag::ul || tag == Tag::ol; }
bool is_block(Tag tag) { return tag == Tag::p || (tag >= Tag::h1 && tag <= Tag::h6); }
bool is_inline(Tag tag) { return (tag >= Tag::b && tag <= Tag::sub) || tag == Tag::a; }

void FragmentBuilder::begin(Tag tag, std::string address) {
  open_.push_back({next_id_++, tag, !is_inline(tag), std::move(address)});
  separate_ = separate_ || open_.back().separates;
}

void FragmentBuilder::begin_unwrapped(bool separates) {
  open_.push_back({next_id_++, Tag::none, separates, {}});
  separate_ = separate_ || separates;
}

void FragmentBuilder::end() {
  if (open_.empty()) return;
  separate_ = separate_ || open_.back().separates;
  open_.pop_back();
}

void FragmentBuilder::text(std::string_view utf8) {
  if (utf8.empty()) return;
  const bool space = std::all_of(utf8.begin(), utf8.end(), is_space);
  Node& parent = place(space);
  const bool apart = std::exchange(separate_, false);
  if (is_list(parent.tag)) return;  // white space between items
  // The parser hands out a long text in pieces.
  if (parent.children.empty() || parent.children.back().tag != Tag::none) parent.children.emplace_back();
  if (apart) parent.children.back().text += ' ';
  parent.children.back().text += utf8;
  bytes_ += escaped_size(utf8);
}

void FragmentBuilder::line_break() {
  separate_ = false;
  Node& parent = place(true);
  if (is_list(parent.tag)) return;
  parent.children.push_back({Tag::br, {}, {}});
  bytes_ += tags_size(Tag::br, {});
}

// The elements that shall be around content that comes now. An li that an author left out gets the id of its list
// with the highest bit set.
std::vector<FragmentBuilder::Step> FragmentBuilder::wanted_path(bool is_space) const {
  constexpr std::size_t implied = ~(~std::size_t{0} >> 1);
  std::vector<Step> path;
  std::vector<Step> formats;
  const auto leave_block = [&] {
    if (!path.empty() && is_block(path.back().tag)) path.pop_back();
  };
  const auto enter_item = [&] {
    if (!path.empty() && is_list(path.back().tag)) path.push_back({path.back().id | implied, Tag::li, nullptr});
  };
  for (const Open& open : open_) {
    const Step step{open.id, open.tag, &open.address};
    if (is_inline(open.tag)) {
      // Of two of a kind the outer one stays, except that the inner link wins.
      const auto same = std::find_if(formats.begin(), formats.end(), [&](const Step& f) { return f.tag == open.tag; });
      if (same != formats.end() && open.tag != Tag::a) continue;
      if (same != formats.end()) formats.erase(same);
      formats.push_back(step);
    } else if (is_block(open.tag)) {
      leave_block();
      enter_item();
      path.push_back(step);
    } else if (is_list(open.tag) && path.size() < deepest_list) {
      leave_block();
      enter_item();
      path.push_back(step);
    } else if (open.tag == Tag::li && !path.empty() && is_list(path.back().tag)) {
      path.push_back(step);
    }
  }
  if (!path.empty() && is_list(path.back().tag)) {
    if (is_space) return path;
    enter_item();
  }
  path.insert(path.end(), formats.begin(), formats.end());
  return path;
}

Node& FragmentBuilder::node_at(std::size_t depth) {
  Node* node = &root_;
  for (std::size_t i = 0; i < depth; ++i) node = &node->children.back();
  return *node;
}

Node& FragmentBuilder::place(bool is_space) {
  const std::vector<Step> wanted = wanted_path(is_space);
  std::size_t common = 0;
  while (common < path_.size() && common < wanted.size() && path_[common] == wanted[common].id) ++common;
  path_.resize(common);
  Node* node = &node_at(common);
  for (std::size_t i = common; i < wanted.size(); ++i) {
    node->children.push_back({wanted[i].tag, wanted[i].address ? *wanted[i].address : std::string(), {}});
    node = &node->children.back();
    path_.push_back(wanted[i].id);
    bytes_ += tags_size(node->tag, node->text);
  }
  return *node;
}

Node FragmentBuilder::take() {
  finish_container(root_.children);
  return std::move(root_);
}

void shorten(Node& root, std::size_t bytes) {
  keep_fitting(root.children, bytes);
  finish_container(root.children);  // the cut may have left white space or an empty element at the end
}

std::string write_html(const Node& root) {
  std::string out;
  for (const Node& node : root.children) append_html(node, out);
  return out;
}

std::string write_words(const Node& root) {
  std::string out;
  for (const Node& node : root.children) append_words(node, out);
  while (out.ends_with(' ')) out.pop_back();
  return out;
}

}  // namespace verbund::html
