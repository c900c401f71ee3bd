// SPDX-License-Identifier: EUPL-1.2
#include "faces/portal/installed.h"

#include <span>

#include "base/check.h"
#include "base/text.h"
#include "faces/portal/security.h"
#include "kits/crypto/digest.h"
#include "kits/embed/embed.h"
#include "kits/json/json.h"

namespace verbund::embedded {
std::span<const embed::File> portal_web();
}  // namespace verbund::embedded

namespace verbund::portal {
namespace {

constexpr std::size_t longest_short_name = 12;   // what fits below an icon
constexpr const char* accent = "#1f43a8";        // of the icon

http::Response file(std::string type, std::string body) {
  http::Response response;
  response.body = std::make_shared<const std::string>(std::move(body));
  response.header("Content-Type", std::move(type)).header("Cache-Control", "no-cache");
  return response;
}

}  // namespace

Page offline_page(const Visit& visit) {
  Page page;
  page.name = "offline";
  page.title = visit.say("offline.title");
  page.path = "/offline";
  page.description = visit.say("offline.lead");
  page.data.set("heading", page.title).set("as_of", visit.say("offline.as_of", {{"time", "{time}"}}));
  add_crumbs(page.data, visit, {}, page.title);
  return page;
}

Installed::Installed(const Look& look, const Texts& texts, const Assets& assets)
    : look_(look), texts_(texts), assets_(assets) {
  Json files = Json(Json::Array{});
  for (const char* name : {"suggest.js", "offline.js"}) files.push(assets_.url(name));
  const std::string_view source = embed::find(embedded::portal_web(), "script/sw.js");
  VERBUND_CHECK(source.data() != nullptr);
  // Another program, or other files in it: another version.
  std::string seed = files.to_canonical() + std::string(source) + look.name;
  for (const std::string_view language : languages) {
    for (const auto& [key, text] : texts_.in(language).messages().all()) seed += key + "=" + text;
  }
  worker_ = "const VERSION = \"" + crypto::sha256_hex(seed).substr(0, 16) + "\";\nconst FILES = " + files.to_canonical() +
            ";\n" + std::string(source);
}

void Installed::add_routes(http::Router& router) const {
  // Answered at once, also when people wait for workers.
  const auto add = [&](const char* path, const http::Handler& give) { router.add("GET", path, give, give); };
  add("/sw.js", [this](const http::Request&) { return secured(file("text/javascript; charset=utf-8", worker_)); });
  add("/manifest.webmanifest", [this](const http::Request& request) {
    return secured(manifest(known_language(request.query_value("lang"))));
  });
}

http::Response Installed::manifest(std::string_view language) const {
  const Wording say = texts_.in(language);
  const std::string suffix = language == languages[0] ? std::string() : "?lang=" + std::string(language);
  const auto icon = [&](const char* name, std::string sizes, std::string type, std::string purpose) {
    return Json::object({{"src", assets_.url(name)}, {"sizes", std::move(sizes)}, {"type", std::move(type)},
                         {"purpose", std::move(purpose)}});
  };
  const auto shortcut = [&](std::string_view key, std::string path) {
    return Json::object({{"name", say(key)}, {"url", path + suffix}});
  };
  const Json all = Json::object(
      {{"id", "/"}, {"name", look_.name}, {"short_name", std::string(cut_utf8(look_.name, longest_short_name))},
       {"description", say("start.description")}, {"lang", language}, {"dir", right_to_left(language) ? "rtl" : "ltr"},
       {"start_url", "/" + suffix}, {"scope", "/"}, {"display", "standalone"}, {"background_color", "#ffffff"},
       {"theme_color", accent}, {"categories", Json::array({Json("government"), Json("utilities")})},
       {"icons", Json::array({icon("favicon.svg", "any", "image/svg+xml", "any"),
                              icon("icon-192.png", "192x192", "image/png", "any"),
                              icon("icon-512.png", "512x512", "image/png", "any"),
                              icon("icon-maskable.png", "512x512", "image/png", "maskable")})},
       {"shortcuts", Json::array({shortcut("results.page_title_empty", "/suche"), shortcut("offline.title", "/offline")})}});
  return file("application/manifest+json", all.to_canonical());
}

}  // namespace verbund::portal
