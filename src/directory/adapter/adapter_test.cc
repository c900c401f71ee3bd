// SPDX-License-Identifier: EUPL-1.2
#include "directory/adapter/adapter.h"

#include <gtest/gtest.h>

#include <mutex>

#include "directory/formats/testing/test_node.h"
#include "kits/http/http.h"

namespace verbund::directory {
namespace {

using testing::TestNode;

// One service in a message of its own.
std::string message(const std::string& local, const std::string& title) {
  return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>"
         "<x:transfer xmlns:x=\"http://xoev.de/schemata/xzufi/2_3_1\" produktbezeichnung=\"Test\" produkthersteller=\"Test\" xzufiVersion=\"2.3.1\">"
         "<x:nachrichtenkopf><x:nachrichtUUID>6f1c1c52-0000-4000-8000-00000000000a</x:nachrichtUUID>"
         "</x:nachrichtenkopf>"
         "<x:schreibe><x:leistung><x:id schemeAgencyID=\"T300\">" + local + "</x:id>"
         "<x:modulText><x:leikaTextmodul><code>02</code></x:leikaTextmodul><x:inhalt languageCode=\"de\">" + title +
         "</x:inhalt></x:modulText></x:leistung></x:schreibe></x:transfer>";
}

// An editorial system with a web server.
class Editor {
 public:
  enum class Tells { tags, times, nothing };
  explicit Editor(Tells tells = Tells::tags) : tells_(tells) {
    const auto answered = [this](const http::Request& request) { return answer(request); };
    server_ = http::Server::start({.port = 0, .workers = 2}, answered, {}).value();
  }
  std::string address() const { return "http://127.0.0.1:" + std::to_string(server_->port()) + "/xzufi/"; }
  void put(const std::string& name, const std::string& text) {
    const std::lock_guard lock(mutex_);
    files_[name] = {text, std::to_string(++version_)};
  }
  void remove(const std::string& name) {
    const std::lock_guard lock(mutex_);
    files_.erase(name);
  }
  int sent = 0;        // bodies
  int unchanged = 0;   // 304
  std::function<void(const std::string& name)> before;

 private:
  http::Response answer(const http::Request& request) {
    const std::string name = request.path.substr(request.path.rfind('/') + 1);
    if (before) before(name);
    const std::lock_guard lock(mutex_);
    const auto file = files_.find(name);
    if (!request.path.starts_with("/xzufi/") || file == files_.end()) return http::text(404, "");
    const auto& [text, version] = file->second;
    const char* asked = tells_ == Tells::tags ? "if-none-match" : "if-modified-since";
    const std::string tag =
        tells_ == Tells::tags ? "\"v" + version + "\"" : "Thu, 01 Jan 2026 00:00:0" + version + " GMT";
    const bool same = tells_ != Tells::nothing && request.header(asked) == tag;
    ++(same ? unchanged : sent);
    http::Response out = http::text(same ? 304 : 200, same ? "" : text);
    if (tells_ != Tells::nothing) out.header(tells_ == Tells::tags ? "ETag" : "Last-Modified", tag);
    return out;
  }
  const Tells tells_;
  std::mutex mutex_;
  std::map<std::string, std::pair<std::string, std::string>> files_;
  int version_ = 0;
  std::unique_ptr<http::Server> server_;
};

struct Polling {
  TestNode node;
  Adapter adapter;
  explicit Polling(const std::string& address) : adapter(address, node.folder().path("adapter")) {}
  Result<std::optional<ImportSummary>> poll() { return adapter.poll(node.database(), node.clock()); }
  bool has(const std::string& local) { return node.get<Service>("T300", local).has_value(); }
};

TEST(Adapter, FetchesAStockAndThenOnlyWhatHasChanged) {
  for (const auto tells : {Editor::Tells::tags, Editor::Tells::times, Editor::Tells::nothing}) {
    Editor editor(tells);
    editor.put("index.txt", "\xEF\xBB\xBF" "a.xml\r\nb 1.xml\r\n\r\na.xml\r\n");
    editor.put("a.xml", message("1", "Drachenpass"));
    editor.put("b 1.xml", message("2", "Hundemarke"));
    Polling polling(editor.address());
    auto first = polling.poll();
    ASSERT_TRUE(first) << first.error().text();
    ASSERT_TRUE(*first);
    EXPECT_EQ((*first)->kinds.at("service").added, 2);
    EXPECT_TRUE(polling.has("1") && polling.has("2"));
    const int sent = editor.sent;
    auto second = polling.poll();
    ASSERT_TRUE(second) << second.error().text();
    EXPECT_FALSE(*second);   // nothing new
    if (tells != Editor::Tells::nothing) {
      EXPECT_EQ(editor.sent, sent);
    }
    // One changes, one goes: what is missing is withdrawn.
    editor.put("a.xml", message("1", "Drachenpass neu"));
    editor.put("index.txt", "a.xml\n");
    auto third = polling.poll();
    ASSERT_TRUE(third && *third);
    EXPECT_EQ((**third).kinds.at("service").changed, 1);
    EXPECT_EQ((**third).kinds.at("service").withdrawn, 1);
    EXPECT_TRUE(polling.has("1"));
    EXPECT_FALSE(polling.has("2"));
    // A new process begins with the copy that is there.
    Adapter again(editor.address(), polling.node.folder().path("adapter"));
    const int before = editor.sent;
    auto fourth = again.poll(polling.node.database(), polling.node.clock());
    ASSERT_TRUE(fourth && *fourth);
    EXPECT_EQ((**fourth).kinds.at("service").unchanged, 1);
    EXPECT_EQ((**fourth).source, "xzufi:" + editor.address().substr(0, editor.address().size() - 1));
    if (tells != Editor::Tells::nothing) {
      EXPECT_EQ(editor.sent, before);
    }
  }
}

TEST(Adapter, StoresNothingHalf) {
  Editor editor;
  editor.put("index.txt", "a.xml\nb.xml\n");
  editor.put("a.xml", message("1", "Drachenpass"));
  editor.put("b.xml", message("2", "Hundemarke"));
  Polling polling(editor.address());
  ASSERT_TRUE(polling.poll());
  const std::string state = polling.node.state();
  struct Case {
    const char* sentence;
    std::function<void()> harm;
    ErrorCode code;
  };
  for (const Case& one : std::vector<Case>{
           {"a file is missing", [&] { editor.put("index.txt", "a.xml\nb.xml\nc.xml\n"); }, ErrorCode::not_found},
           {"the index is empty", [&] { editor.put("index.txt", "\n \r\n"); }, ErrorCode::invalid},
           {"the index leads elsewhere", [&] { editor.put("index.txt", "../a.xml\n"); }, ErrorCode::invalid},
           {"the index is gone", [&] { editor.remove("index.txt"); }, ErrorCode::not_found},
           {"a file is no XML", [&] { editor.put("index.txt", "a.xml\nb.xml\n"), editor.put("b.xml", "<x:transfer"); },
            ErrorCode::invalid}}) {
    editor.put("a.xml", message("1", std::string("Changed: ") + one.sentence));
    one.harm();
    const auto polled = polling.poll();
    ASSERT_FALSE(polled) << one.sentence;
    EXPECT_EQ(polled.error().code, one.code) << one.sentence << ": " << polled.error().text();
    EXPECT_EQ(polling.node.state(), state) << one.sentence;
  }
  // Whole again: taken, though nothing but the broken file has changed since.
  editor.put("b.xml", message("2", "Hundemarke"));
  const auto healed = polling.poll();
  ASSERT_TRUE(healed && *healed);
  EXPECT_EQ((**healed).kinds.at("service").changed, 1);
}

TEST(Adapter, ReadsAgainWhenTheStockChangesMeanwhile) {
  Editor editor;
  editor.put("index.txt", "a.xml\n");
  editor.put("a.xml", message("1", "Drachenpass"));
  int changes = 0;
  editor.before = [&](const std::string& name) {
    if (name == "a.xml" && changes++ == 0) {
      editor.put("b.xml", message("2", "Hundemarke"));
      editor.put("index.txt", "a.xml\nb.xml\n");
    }
  };
  Polling polling(editor.address());
  ASSERT_TRUE(polling.poll());
  EXPECT_TRUE(polling.has("1") && polling.has("2"));
  // It never rests: given up, nothing is taken.
  editor.before = [&](const std::string& name) {
    if (name != "a.xml") return;
    editor.put("index.txt", "a.xml\n" + std::string(static_cast<std::size_t>(++changes % 50), '\n'));
  };
  EXPECT_EQ(polling.poll().error().code, ErrorCode::unavailable);
  EXPECT_TRUE(polling.has("2"));
}

TEST(Adapter, FetchesAnewWhatIsNotAsItWasNoted) {
  Editor editor;
  editor.put("index.txt", "a.xml\n");
  editor.put("a.xml", message("1", "Drachenpass"));
  TestNode node;
  std::string copy;
  {
    StockCopy first(editor.address(), node.folder().path("copy"));
    ASSERT_TRUE(first.update());
    EXPECT_EQ(first.fetched(), 1u);
    copy = first.digest();
  }
  node.folder().file("copy/a.xml", "of a program that was killed");
  StockCopy second(editor.address(), node.folder().path("copy"));
  ASSERT_TRUE(second.update());
  EXPECT_EQ(second.fetched(), 1u);
  EXPECT_EQ(second.digest(), copy);
  EXPECT_EQ(testing::read_file(node.folder().path("copy/a.xml")), message("1", "Drachenpass"));
  node.folder().file("copy/.known.json", "[[[");
  StockCopy third(editor.address(), node.folder().path("copy"));
  ASSERT_TRUE(third.update());
  EXPECT_EQ(third.digest(), copy);
}

TEST(Adapter, KeepsItsLimits) {
  Editor editor;
  editor.put("index.txt", "a.xml\nb.xml\n");
  editor.put("a.xml", std::string(600, 'a'));
  editor.put("b.xml", std::string(600, 'b'));
  TestNode node;
  const auto update = [&](StockCopy::Limits limits) {
    return StockCopy(editor.address(), node.folder().path("copy"), limits).update();
  };
  EXPECT_EQ(update({.index_bytes = 5}).error().code, ErrorCode::too_large);
  EXPECT_EQ(update({.files = 1}).error().code, ErrorCode::too_large);
  EXPECT_EQ(update({.file_bytes = 599}).error().code, ErrorCode::too_large);
  EXPECT_EQ(update({.bytes = 1199}).error().code, ErrorCode::too_large);
  EXPECT_TRUE(update({.index_bytes = 12, .files = 2, .file_bytes = 600, .bytes = 1200}));
  EXPECT_EQ(StockCopy("ftp://stadt.example", node.folder().path("copy")).update().error().code, ErrorCode::usage);
  EXPECT_EQ(StockCopy(editor.address(), node.folder().path("copy")).update([] { return true; }).error().code,
            ErrorCode::unavailable);
}

TEST(Adapter, TakesAFolderWhenADeliveryHasChangedIt) {
  TestNode node;
  const auto& folder = node.folder();
  folder.file("stock/a.xml", message("1", "Drachenpass"));
  Adapter adapter(folder.path("stock"), folder.path("adapter"));
  EXPECT_EQ(adapter.poll(node.database(), node.clock()).error().code, ErrorCode::invalid);   // no index
  folder.file("stock/index.txt", "a.xml\n");
  EXPECT_TRUE(adapter.poll(node.database(), node.clock()).value());
  EXPECT_FALSE(adapter.poll(node.database(), node.clock()).value());
  folder.file("stock/a.xml", message("1", "Ein anderer Drachenpass"));
  EXPECT_TRUE(adapter.poll(node.database(), node.clock()).value());
  EXPECT_FALSE(adapter.poll(node.database(), node.clock()).value());
}

TEST(Index, ListsPlainFileNames) {
  EXPECT_EQ(read_index("a.xml\r\nb.xml", 9).value(), (std::vector<std::string>{"a.xml", "b.xml"}));
  EXPECT_EQ(read_index("\xEF\xBB\xBF\n  a.xml \n\na.xml\n", 9).value(), std::vector<std::string>{"a.xml"});
  for (const char* bad : {"", "\n", "/etc/passwd", "../x.xml", "a/b.xml", "a\\b.xml", ".known.json", "index.txt", "..",
                          "a\tb", "a\x01", "\xff", "http://x/y"}) {
    EXPECT_FALSE(read_index(bad, 9)) << bad;
  }
  EXPECT_FALSE(read_index(std::string(201, 'x'), 9));
  EXPECT_EQ(read_index("a\nb\nc", 2).error().code, ErrorCode::too_large);
}

}  // namespace
}  // namespace verbund::directory
