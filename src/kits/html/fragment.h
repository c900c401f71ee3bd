// SPDX-License-Identifier: EUPL-1.2
// The small tree a sanitised fragment is made of. Inside kits/html only.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace verbund::html {

enum class Tag : std::uint8_t { none, p, br, h1, h2, h3, h4, h5, h6, b, strong, i, em, sup, sub, ul, ol, li, a };

// The tag of a lower-case name, none if we do not keep it.
Tag tag_of(std::string_view name);
std::string_view name_of(Tag tag);
bool is_list(Tag tag);     // ul, ol
bool is_block(Tag tag);    // p, h1-h6
bool is_inline(Tag tag);   // b, strong, i, em, sup, sub, a

struct Node {
  Tag tag = Tag::none;  // none: a piece of text
  std::string text;     // of a piece of text; of an a the address
  std::vector<Node> children;
};

// Builds a tree from a parser's events, whatever their order, so that it follows the content model we write:
// a root and each li hold inline content, blocks and lists; lists hold li; blocks and inline elements hold inline
// content; no inline element lies in one of its own kind. Where an event breaks that, the open elements are closed and
// opened again around what follows (<b>x<p>y</p></b> becomes <b>x</b><p><b>y</b></p>).
class FragmentBuilder {
 public:
  static constexpr std::size_t fullest = 2u << 20;

  // An element of a kind we know. `address` is that of an a (never empty).
  void begin(Tag tag, std::string address = {});
  // An element that is unwrapped. `separates`: words before and after its edges do not belong together.
  void begin_unwrapped(bool separates);
  void end();  // the innermost element begun
  void text(std::string_view utf8);
  void line_break();
  // True once more has come in than any text may have: the rest is not wanted.
  bool is_full() const { return bytes_ > fullest; }

  // The finished tree: white space folded, empty elements gone. Ends the building.
  Node take();

 private:
  struct Open {  // as the parser sees it
    std::size_t id;
    Tag tag;
    bool separates;
    std::string address;
  };
  struct Step {  // of the way from the root of our tree to the place for new content
    std::size_t id;
    Tag tag;
    const std::string* address;
  };

  std::vector<Step> wanted_path(bool is_space) const;
  Node& place(bool is_space);
  Node& node_at(std::size_t depth);

  Node root_;
  std::vector<Open> open_;
  std::vector<std::size_t> path_;  // ids of the elements open in our tree; each is the last child of the one before
  std::size_t next_id_ = 1;
  std::size_t bytes_ = 0;  // of the tree written as HTML, before it is finished
  bool separate_ = false;
};

// Takes away from the end what makes the written tree longer than `bytes`.
void shorten(Node& root, std::size_t bytes);

// As HTML, and as words with a space between blocks.
std::string write_html(const Node& root);
std::string write_words(const Node& root);

}  // namespace verbund::html
