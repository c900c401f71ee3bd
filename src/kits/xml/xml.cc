// SPDX-License-Identifier: EUPL-1.2
// Reading XML with libxml2's SAX2 events: nothing is kept but the item being read, so that every limit holds before
// memory grows. The parser builds no tree, loads nothing, knows no entities but the five and stops at a DOCTYPE.
#include "kits/xml/xml.h"

#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <libxml/xmlerror.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <exception>
#include <memory>
#include <optional>

#include "base/text.h"

namespace verbund::xml {
namespace {

// What an empty element or attribute costs us, counted to the limit so that many small ones are bounded as well.
constexpr std::size_t element_cost = 64;
constexpr std::size_t attribute_cost = 32;
// Input without any event: one start tag. The parser compares each attribute with each other; this bounds its time.
constexpr std::size_t longest_tag = 256u << 10;
constexpr std::size_t progress_step = 64u << 10;

using RootFunction = std::function<Result<void>(const Element&)>;

std::string_view view(const xmlChar* text) { return text ? reinterpret_cast<const char*>(text) : std::string_view(); }

// Where bytes come from; gives 0 at the end, -1 on a fault.
class Source {
 public:
  virtual ~Source() = default;
  virtual int read(char* to, int size) = 0;
};

class FileSource : public Source {
 public:
  explicit FileSource(const std::string& path) : file_(std::fopen(path.c_str(), "rb")) {}
  bool is_open() const { return file_ != nullptr; }
  int read(char* to, int size) override {
    const std::size_t got = std::fread(to, 1, static_cast<std::size_t>(size), file_.get());
    return got == 0 && std::ferror(file_.get()) ? -1 : static_cast<int>(got);
  }

 private:
  struct Closer {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  std::unique_ptr<std::FILE, Closer> file_;
};

class MemorySource : public Source {
 public:
  explicit MemorySource(std::string_view bytes) : rest_(bytes) {}
  int read(char* to, int size) override {
    const std::size_t got = rest_.copy(to, static_cast<std::size_t>(size));
    rest_.remove_prefix(got);
    return static_cast<int>(got);
  }

 private:
  std::string_view rest_;
};

// The events of one document. No exception may pass through the parser: each is kept and thrown again at the end.
class Reader {
 public:
  Reader(Source& source, std::string_view name, const RootFunction& root, const RootFunction& item,
         const Limits& limits, const std::function<void(std::size_t)>& progress)
      : source_(source), name_(name), root_(root), item_(item), limits_(limits), progress_(progress) {}

  Result<void> run();

 private:
  struct ParserDeleter {
    void operator()(xmlParserCtxtPtr parser) const {
      xmlFreeDoc(parser->myDoc);  // made when an entity is declared, even without a tree
      xmlFreeParserCtxt(parser);
    }
  };

  static Reader& self(void* user) { return *static_cast<Reader*>(user); }

  // Runs `work` for an event, unless the reading has ended already.
  template <typename Work>
  void guarded(Work work) {
    if (failure_ || thrown_) return;
    event_at_ = taken_;
    try {
      work();
    } catch (...) {
      thrown_ = std::current_exception();
    }
  }

  // From here on the parser gets no more input and its events mean nothing. (xmlStopParser would free the buffer that
  // a caller below us may be filling: it is for events of the document only.)
  void stop(Error error) {
    if (!failure_ && !thrown_) failure_ = std::move(error);
  }
  void stop(ErrorCode code, std::string message, std::string hint = {}) {
    stop(Error{code, std::move(message), place(line()), std::move(hint)});
  }

  std::size_t line() const {
    return parser_ && parser_->input ? static_cast<std::size_t>(std::max(parser_->input->line, 1)) : 1;
  }
  std::string place(std::size_t line) const { return name_ + ":" + std::to_string(line); }

  int on_read(char* to, int size);
  void on_document();
  void on_start(const xmlChar* local, const xmlChar* ns, int count, const xmlChar** attributes);
  void on_end();
  void on_text(std::string_view text);
  void on_error(const xmlError& error);
  bool count(std::size_t bytes);

  Source& source_;
  std::string name_;
  const RootFunction& root_;
  const RootFunction& item_;
  const Limits& limits_;
  const std::function<void(std::size_t)>& progress_;

  std::unique_ptr<xmlParserCtxt, ParserDeleter> parser_;
  std::size_t taken_ = 0;     // bytes given to the parser
  std::size_t event_at_ = 0;  // of these at the last event
  std::size_t told_ = 0;      // of these at the last progress
  std::size_t depth_ = 0;
  std::size_t cost_ = 0;       // of the item being read
  std::vector<Element> open_;  // the item and what is open in it
  std::optional<Error> failure_;
  std::exception_ptr thrown_;
};

int Reader::on_read(char* to, int size) {
  if (failure_ || thrown_) return 0;
  const xmlParserInputState state = parser_ ? parser_->instate : XML_PARSER_START;
  const bool may_be_long = state == XML_PARSER_CDATA_SECTION || state == XML_PARSER_COMMENT || state == XML_PARSER_PI;
  if (taken_ - event_at_ > std::max(may_be_long ? limits_.element_bytes : 0, longest_tag)) {
    stop(ErrorCode::too_large, "one tag, comment or section is longer than " +
                                   std::to_string(std::max(may_be_long ? limits_.element_bytes : 0, longest_tag)) +
                                   " bytes");
    return 0;
  }
  const int got = source_.read(to, size);
  if (got < 0) {
    stop(Error{ErrorCode::unavailable, std::string("cannot read: ") + std::strerror(errno), name_, {}});
    return 0;
  }
  taken_ += static_cast<std::size_t>(got);
  if (progress_ && (got == 0 ? taken_ > told_ : taken_ - told_ >= progress_step)) {
    told_ = taken_;
    try {
      progress_(taken_);
    } catch (...) {
      thrown_ = std::current_exception();
      return 0;
    }
  }
  return got;
}

// Called after the XML declaration: the character set is settled.
void Reader::on_document() {
  std::string used;
  if (parser_->encoding) used = view(parser_->encoding);
  const xmlParserInputBuffer* buffer = parser_->input ? parser_->input->buf : nullptr;
  if (used.empty() && buffer && buffer->encoder && buffer->encoder->name) used = buffer->encoder->name;
  const std::string low = to_lower_ascii(used);
  for (std::string_view known :
       {"", "utf-8", "utf8", "utf-16", "utf-16le", "utf-16be", "iso-8859-1", "us-ascii", "ascii"}) {
    if (low == known) return;
  }
  stop(ErrorCode::invalid, "the character set " + used.substr(0, 40) + " is not read", "convert the file to UTF-8");
}

// False if the item has become too large.
bool Reader::count(std::size_t bytes) {
  cost_ += bytes;
  if (cost_ <= limits_.element_bytes) return true;
  stop(ErrorCode::too_large, "an element with more than " + std::to_string(limits_.element_bytes) + " bytes in it");
  return false;
}

void Reader::on_start(const xmlChar* local, const xmlChar* ns, int attribute_count, const xmlChar** attributes) {
  if (++depth_ > limits_.depth) {
    stop(ErrorCode::too_large, "nested deeper than " + std::to_string(limits_.depth) + " levels");
    return;
  }
  const auto attribute_total = static_cast<std::size_t>(attribute_count);
  if (attribute_total > limits_.attributes) {
    stop(ErrorCode::too_large, "an element with more than " + std::to_string(limits_.attributes) + " attributes");
    return;
  }
  if (depth_ <= 2) cost_ = 0;
  if (!count(element_cost + view(local).size() + view(ns).size())) return;
  Element element;
  element.name = view(local);
  element.ns = view(ns);
  element.line = line();
  element.attributes.reserve(attribute_total);
  for (std::size_t i = 0; i < attribute_total; ++i, attributes += 5) {
    // local name, prefix, namespace, begin and end of the value
    const std::string_view value(reinterpret_cast<const char*>(attributes[3]),
                                 static_cast<std::size_t>(attributes[4] - attributes[3]));
    if (!count(attribute_cost + view(attributes[0]).size() + view(attributes[2]).size() + value.size())) return;
    element.attributes.push_back(
        {std::string(view(attributes[0])), std::string(view(attributes[2])), std::string(value)});
  }
  if (depth_ > 1) {
    open_.push_back(std::move(element));
  } else if (Result<void> done = root_(element); !done) {
    stop(std::move(done.error()));
  }
}

void Reader::on_end() {
  --depth_;
  if (open_.empty()) return;
  Element element = std::move(open_.back());
  open_.pop_back();
  if (!open_.empty()) {
    open_.back().children.push_back(std::move(element));
  } else if (Result<void> done = item_(element); !done) {
    stop(std::move(done.error()));
  }
}

void Reader::on_text(std::string_view text) {
  if (open_.empty() || !count(text.size())) return;
  open_.back().text += text;
}

void Reader::on_error(const xmlError& error) {
  // An item's text may be HTML that is cleaned while we read: its faults come here too, being of the same thread.
  if (error.level < XML_ERR_ERROR || error.domain == XML_FROM_HTML) return;
  std::string message = "not well-formed XML: ";
  message += trim(error.message ? error.message : "no reason given");
  std::replace(message.begin(), message.end(), '\n', ' ');
  if (!is_utf8(message)) message = "not well-formed XML: broken characters";
  const bool by_parser = error.domain == XML_FROM_PARSER || error.domain == XML_FROM_NAMESPACE;
  const std::size_t at = by_parser && error.line > 0 ? static_cast<std::size_t>(error.line) : line();
  // The parser's own limits: depth 256, 10 MB of names or of one lookup, memory.
  const bool limit = error.code == XML_ERR_NO_MEMORY || message.find("XML_PARSE_HUGE") != std::string::npos ||
                     message.find("Excessive depth") != std::string::npos || message.find("Huge") != std::string::npos;
  stop(Error{limit ? ErrorCode::too_large : ErrorCode::invalid, std::move(message), place(at), {}});
}

Result<void> Reader::run() {
  static const bool initialised = (xmlInitParser(), true);
  static_cast<void>(initialised);

  xmlSAXHandler sax{};
  sax.initialized = XML_SAX2_MAGIC;
  sax.startDocument = [](void* user) { self(user).guarded([&] { self(user).on_document(); }); };
  sax.internalSubset = [](void* user, const xmlChar*, const xmlChar*, const xmlChar*) {
    self(user).guarded([&] {
      self(user).stop(ErrorCode::invalid, "a DOCTYPE is not allowed", "remove the document type declaration");
      xmlStopParser(self(user).parser_.get());  // before it reads a declaration; nobody fills a buffer here
    });
  };
  sax.startElementNs = [](void* user, const xmlChar* local, const xmlChar*, const xmlChar* ns, int, const xmlChar**,
                          int count, int, const xmlChar** attributes) {
    self(user).guarded([&] { self(user).on_start(local, ns, count, attributes); });
  };
  sax.endElementNs = [](void* user, const xmlChar*, const xmlChar*, const xmlChar*) {
    self(user).guarded([&] { self(user).on_end(); });
  };
  sax.characters = [](void* user, const xmlChar* text, int length) {
    self(user).guarded([&] {
      self(user).on_text({reinterpret_cast<const char*>(text), static_cast<std::size_t>(length)});
    });
  };
  sax.ignorableWhitespace = sax.characters;
  sax.cdataBlock = sax.characters;
  sax.comment = [](void* user, const xmlChar*) { self(user).guarded([] {}); };
  sax.processingInstruction = [](void* user, const xmlChar*, const xmlChar*) { self(user).guarded([] {}); };
  sax.serror = [](void* user, xmlErrorPtr error) { self(user).guarded([&] { self(user).on_error(*error); }); };

  // Faults below the parser (character set conversion) go to the thread's handler; ours for the while.
  struct HandlerScope {
    xmlStructuredErrorFunc function = xmlStructuredError;
    void* context = xmlStructuredErrorContext;
    ~HandlerScope() { xmlSetStructuredErrorFunc(context, function); }
  } const scope;
  xmlSetStructuredErrorFunc(this, sax.serror);

  parser_.reset(xmlCreateIOParserCtxt(
      &sax, this, [](void* user, char* to, int size) { return self(user).on_read(to, size); }, nullptr, this,
      XML_CHAR_ENCODING_NONE));
  if (!parser_) throw std::bad_alloc();
  // NOENT only concerns the five entities here; without it &amp; in an attribute would come as &#38;.
  xmlCtxtUseOptions(parser_.get(), XML_PARSE_NONET | XML_PARSE_NOENT);
  xmlParseDocument(parser_.get());

  if (thrown_) std::rethrow_exception(thrown_);
  if (failure_) return std::unexpected(std::move(*failure_));
  if (!parser_->wellFormed) return fail(ErrorCode::invalid, "not well-formed XML", place(line()));
  return {};
}

}  // namespace

Result<void> read_items(const std::string& path, const RootFunction& root, const RootFunction& item,
                        const Limits& limits, const std::function<void(std::size_t bytes_read)>& progress) {
  FileSource source(path);
  if (!source.is_open()) return fail(ErrorCode::unavailable, std::string("cannot open: ") + std::strerror(errno), path);
  return Reader(source, path, root, item, limits, progress).run();
}

Result<void> read_items_from_memory(std::string_view bytes, std::string_view name, const RootFunction& root,
                                    const RootFunction& item, const Limits& limits) {
  MemorySource source(bytes);
  return Reader(source, name, root, item, limits, {}).run();
}

}  // namespace verbund::xml
