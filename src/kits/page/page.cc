// SPDX-License-Identifier: EUPL-1.2
// The only place that knows the engine. Its templates are parsed once and then only read: the engine writes to itself
// only on lambdas and partials, and prepare_template leaves neither, so that threads can share a template.
#include "kits/page/page.h"

#include <deque>
#include <kainjow/mustache.hpp>
#include <optional>
#include <unordered_map>

#include "base/check.h"
#include "base/text.h"
#include "kits/page/template_source.h"

namespace verbund::page {
namespace {

namespace engine = kainjow::mustache;

// First byte of a value that is markup. No plain text can have it: control characters are dropped from them.
constexpr char kMarkup = '\x01';

std::string without_control_characters(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte < 0x20 && c != '\t' && c != '\n' && c != '\r') || byte == 0x7f) continue;
    out += c;
  }
  return out;
}

// Safe in element content and in quoted attribute values.
std::string escape(const std::string& text) {
  if (!text.empty() && text[0] == kMarkup) return text.substr(1);
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

bool is_shown(const Data& data) {
  switch (data.kind()) {
    case Data::Kind::text:
    case Data::Kind::markup: return !data.text().empty();
    case Data::Kind::flag: return data.flag();
    case Data::Kind::list: return !data.list().empty();
    case Data::Kind::names: return true;
  }
  return false;
}

// Answers the engine from our data, value by value as it asks: nothing is copied that is not shown.
class Context : public engine::basic_context<std::string> {
 public:
  Context(const std::vector<Tag>& tags, const Data& data, const Templates::Translate& translate)
      : tags_(tags), translate_(translate) {
    frames_.push_back(&data);
  }

  void push(const engine::data* value) override { frames_.push_back(ours_.at(value)); }
  void pop() override { frames_.pop_back(); }
  const engine::data* get_partial(const std::string&) const override { return nullptr; }

  const engine::data* get(const std::string& number) const override {
    if (error_) return nullptr;
    const auto index = parse_number(number);
    VERBUND_CHECK(index && static_cast<std::size_t>(*index) < tags_.size());
    const Tag& tag = tags_[static_cast<std::size_t>(*index)];
    if (tag.use == Tag::Use::text_key) return translated(tag);
    const Data* data = find(tag);
    if (data == nullptr) {
      error_ = Error{ErrorCode::not_found, "the page's data has no " + tag.name, tag.where, ""};
      return nullptr;
    }
    return tag.use == Tag::Use::value ? value(tag, *data) : section(*data);
  }

  const std::optional<Error>& error() const { return error_; }

 private:
  // The nearest frame that has the first name decides; the rest must be in it.
  const Data* find(const Tag& tag) const {
    if (tag.path.empty()) return frames_.back();
    for (auto frame = frames_.rbegin(); frame != frames_.rend(); ++frame) {
      auto found = (*frame)->names().find(tag.path[0]);
      if (found == (*frame)->names().end()) continue;
      const Data* data = &found->second;
      for (std::size_t i = 1; i < tag.path.size(); ++i) {
        auto next = data->names().find(tag.path[i]);
        if (next == data->names().end()) return nullptr;
        data = &next->second;
      }
      return data;
    }
    return nullptr;
  }

  const engine::data* translated(const Tag& tag) const {
    auto text = translate_(tag.path[0]);
    if (!text) {
      error_ = Error{ErrorCode::not_found, text.error().message, tag.where, text.error().hint};
      return nullptr;
    }
    return &values_.emplace_back(without_control_characters(*text));
  }

  const engine::data* value(const Tag& tag, const Data& data) const {
    if (data.kind() == Data::Kind::markup) return &values_.emplace_back(kMarkup + data.text());
    if (data.kind() == Data::Kind::text) return &values_.emplace_back(without_control_characters(data.text()));
    error_ = Error{ErrorCode::not_found, tag.name + " is not a text", tag.where, "use it as a section"};
    return nullptr;
  }

  const engine::data* section(const Data& data) const {
    if (data.kind() != Data::Kind::list || data.list().empty()) {
      const engine::data& value = values_.emplace_back(is_shown(data));
      ours_[&value] = &data;
      return &value;
    }
    const engine::data& value = values_.emplace_back(engine::list(data.list().size(), engine::data(true)));
    for (std::size_t i = 0; i < data.list().size(); ++i) ours_[&value.list_value()[i]] = &data.list()[i];
    return &value;
  }

  const std::vector<Tag>& tags_;
  const Templates::Translate& translate_;
  std::vector<const Data*> frames_;
  mutable std::deque<engine::data> values_;  // what the engine points to, until the page is done
  mutable std::unordered_map<const engine::data*, const Data*> ours_;
  mutable std::optional<Error> error_;
};

struct Sink {
  std::string text;
  Sink& operator<<(const std::string& piece) {
    text += piece;
    return *this;
  }
};

}  // namespace

Data& Data::set(std::string name, Data value) {
  VERBUND_CHECK(kind_ == Kind::names);
  names_.insert_or_assign(std::move(name), std::move(value));
  return *this;
}

Data& Data::add(Data value) {
  VERBUND_CHECK(kind_ == Kind::list);
  list_.push_back(std::move(value));
  return *this;
}

struct Templates::State {
  struct Entry {
    std::vector<Tag> tags;
    mutable engine::mustache parsed;  // render() is not const but changes nothing, see above
  };
  std::map<std::string, Entry, std::less<>> entries;
};

Templates::Templates(std::unique_ptr<State> state) : state_(std::move(state)) {}
Templates::Templates(Templates&&) noexcept = default;
Templates& Templates::operator=(Templates&&) noexcept = default;
Templates::~Templates() = default;

Result<Templates> Templates::load(const std::map<std::string, std::string>& sources) {
  auto state = std::make_unique<State>();
  for (const auto& [name, source] : sources) {
    auto prepared = prepare_template(name, sources);
    if (!prepared) return pass(prepared);
    engine::mustache parsed(prepared->source);
    if (!parsed.is_valid()) return fail(ErrorCode::invalid, parsed.error_message(), name);
    parsed.set_custom_escape(escape);
    state->entries.emplace(name, State::Entry{std::move(prepared->tags), std::move(parsed)});
  }
  return Templates(std::move(state));
}

Result<std::string> Templates::render(std::string_view name, const Data& data, const Translate& translate) const {
  auto entry = state_->entries.find(name);
  if (entry == state_->entries.end()) return fail(ErrorCode::not_found, "no template named " + std::string(name));
  Context context(entry->second.tags, data, translate);
  Sink sink;
  entry->second.parsed.render(context, sink);
  if (context.error()) return std::unexpected(*context.error());
  return std::move(sink.text);
}

}  // namespace verbund::page
