// SPDX-License-Identifier: EUPL-1.2
#include "faces/portal/portal.h"

#include <cstdio>
#include <exception>
#include <map>
#include <mutex>
#include <span>

#include "base/text.h"
#include "faces/portal/assets.h"
#include "faces/portal/calendar.h"
#include "faces/portal/counting.h"
#include "faces/portal/forms.h"
#include "faces/portal/found.h"
#include "faces/portal/frame.h"
#include "faces/portal/installed.h"
#include "faces/portal/locations.h"
#include "faces/portal/network_page.h"
#include "faces/portal/page_cache.h"
#include "faces/portal/pages.h"
#include "faces/portal/security.h"
#include "faces/portal/statements.h"
#include "faces/portal/status_page.h"
#include "faces/portal/styles.h"
#include "faces/portal/texts.h"
#include "faces/portal/voice_pages.h"
#include "kits/embed/embed.h"
#include "kits/store/unavailable.h"

namespace verbund::embedded {
std::span<const embed::File> portal_web();
}  // namespace verbund::embedded

namespace verbund::portal {
namespace {

constexpr int busy_seconds = 10;   // when to come back
constexpr int away_seconds = 30;   // while the store is away

std::string day(const Clock& clock) {
  const BerlinTime now = to_berlin(clock.now());
  char text[40];
  std::snprintf(text, sizeof text, "%04d-%02d-%02d", now.year, now.month, now.day);
  return text;
}

// Stands for a store that is away.
struct NoStore : store::Connection {
  store::Statement prepare(std::string_view) override { throw store::Failure("no store on this page"); }
  void execute(std::string_view) override { throw store::Failure("no store on this page"); }
  using Rows = std::unique_ptr<store::Bulk>;
  Rows bulk(std::string_view, std::string_view) override { throw store::Failure("no store on this page"); }
};

// What is inside the program is there once, however many portals it carries.
const Result<Texts>& texts_inside() {
  static const Result<Texts> texts = Texts::load(embedded::portal_web());
  return texts;
}
const Assets& assets_inside() {
  static const Assets assets;
  return assets;
}

class PortalPages : public Portal {
 public:
  PortalPages(Look look, const Texts& texts, directory::Finder& finder, store::Database& database, const Clock& clock,
              const log::Log& log, directory::SearchCounter* counter, const Proofs* proofs)
      : look_(std::move(look)),
        texts_(texts),
        finder_(finder),
        database_(database),
        clock_(clock),
        log_(log),
        counter_(counter),
        proofs_(proofs),
        forms_({.per_minute = forms_per_minute, .clients = 4096, .client_header = look_.client_header}) {}

  void add_routes(http::Router& router) override {
    router.add("GET", "/", [this](const http::Request& request) { return start(request); });
    add(router, "/suche", results_page, Counts::searches);
    add(router, "/ueber", about_page);
    add(router, "/netz/beitreten", join_page);
    router.add("GET", "/netz", [this](const http::Request& request) { return network(request); });
    router.add("GET", "/barrierefreiheit", [this](const http::Request& request) {
      return answer(request, [this](const Visit& visit) {
        return shown(visit, accessibility_page(visit, plain_share_.of(visit, clock_.now())));
      }).response;
    });
    add(router, "/datenschutz", privacy_page);
    add(router, "/impressum", imprint_page);
    add(router, "/schnittstellen", interfaces_page);
    add(router, "/offline", offline_page);
    if (look_.service_line) add(router, "/115", counter_page);
    add_status(router);
    router.add("GET", "/kalender/{file}", [this](const http::Request& request) {
      return answer(request, [this](const Visit& visit) -> PageCache::Kept {
        if (auto file = calendar_file(visit, clock_.now())) return {std::move(*file)};
        return shown(visit, not_found_page(visit, nullptr, visit.parameter("file")));
      }, false).response;
    });
    add_passing(router, "/rueckmeldung", feedback_page);
    add_form(router, "/rueckmeldung", take_feedback);
    add_form(router, "/rueckmeldung/text", take_feedback_text);
    add_passing(router, "/barriere-melden", barrier_page);
    add_passing(router, "/barriere-melden/stand", barrier_state_page);
    add_form(router, "/barriere-melden", take_barrier);
    add(router, "/lebenslagen", events_page);
    add(router, "/lebenslagen/{event}", event_page);
    add(router, "/behoerden/{authority}", authority_page);
    add(router, "/dienst/{service}", service_anywhere_page, Counts::clicks);
    add(router, "/{place}", place_page);
    add(router, "/{place}/lebenslagen", place_events_page);
    add(router, "/{place}/lebenslagen/{event}", place_event_page);
    add(router, "/{place}/{service}", service_at_place_page, Counts::clicks);
    if (proofs_ != nullptr) {
      add(router, "/nachweis/{place}/{service}", proof_page);
      router.add("GET", "/nachweis/{place}/{service}/beweis.txt",
                 [this](const http::Request& request) { return proof(request); });
    }
    router.add("GET", "/vorschlaege", [this](const http::Request& request) {
      return answer(request, [](const Visit& visit) -> PageCache::Kept { return {suggestions(visit)}; }).response;
    });
    router.add("GET", "/orte.json", [this](const http::Request& request) {
      return answer(request, [](const Visit& visit) -> PageCache::Kept { return {places_file(visit)}; }).response;
    });
    // What a page needs to be read is answered at once, also when people wait for workers.
    const auto file = [&](const char* pattern, const http::Handler& give) { router.add("GET", pattern, give, give); };
    file("/assets/{hash}/{name}", [this](const http::Request& request) {
      const auto& named = request.parameters;
      return secured(assets_.answer(named.find("hash")->second, named.find("name")->second, request));
    });
    file("/favicon.svg", [this](const http::Request& request) { return secured(assets_.icon(request)); });
    file("/einbetten.js", [this](const http::Request& request) { return secured(assets_.embed_script(request)); });
    router.add("GET", "/qr.svg", [this](const http::Request& request) { return secured(qr_code(look_, request)); });
    found_.add_routes(router);
    installed_.add_routes(router);
    router.fallback([this](const http::Request& request) { return elsewhere(request); });
    for (std::string_view language : languages) busy_.emplace(language, make_busy(std::string(language)));
  }

  http::Response busy(const http::Request& request) const override {
    if (for_programs(request.path) || request.path.starts_with("/network/") || request.path.starts_with("/assets/") || request.path == "/vorschlaege") {
      http::Response response = http::problem(503, "Überlastet", "Gerade fragen zu viele zugleich. Bitte in " +
                                                                     std::to_string(busy_seconds) +
                                                                     " Sekunden noch einmal versuchen.");
      response.header("Retry-After", std::to_string(busy_seconds)).header("Cache-Control", "no-store");
      return response;
    }
    return busy_.find(known_language(request.query_value("lang")))->second;
  }

 private:
  using PageMaker = Page (*)(const Visit&);
  enum class Counts { nothing, searches, clicks };

  void add(http::Router& router, std::string pattern, PageMaker make, Counts counts = Counts::nothing) {
    router.add("GET", std::move(pattern), [this, make, counts](const http::Request& request) {
      // An address of the API that nothing answers is not a place.
      if (for_programs(request.path)) return no_api();
      PageCache::Kept made = answer(request, [this, make](const Visit& visit) { return shown(visit, make(visit)); });
      if (counter_ != nullptr && made.response.status == 200) {
        if (counts == Counts::searches) made.response.reusable = false;   // each is counted; a click has a Referer
        if (counts == Counts::searches) count_search(*counter_, request, made.searched);
        if (counts == Counts::clicks) count_click(*counter_, request, look_.base_url);
      }
      return std::move(made.response);
    });
  }

  // Depends on what stands in no key: made for each request.
  void add_passing(http::Router& router, std::string pattern, PageMaker make) {
    router.add("GET", std::move(pattern), [this, make](const http::Request& request) {
      return answer(request, [this, make](const Visit& visit) { return shown(visit, make(visit)); }, false).response;
    });
  }

  // What works, as it is at this moment.
  void add_status(http::Router& router) {
    const auto add_one = [&](std::string pattern, std::function<PageCache::Kept(const Visit&, const StatusNow&)> make) {
      router.add("GET", std::move(pattern), [this, make](const http::Request& request) {
        return answer(request, [this, &make](const Visit& visit) {
          return make(visit, status_now(visit, clock_.now()));
        }, false).response;
      });
    };
    const auto file = [](std::string type, std::string body) {
      http::Response response;
      response.body = std::make_shared<const std::string>(std::move(body));
      response.header("Content-Type", std::move(type)).header("Cache-Control", "no-cache");
      return PageCache::Kept{std::move(response)};
    };
    add_one("/status", [this](const Visit& visit, const StatusNow& now) { return shown(visit, status_page(visit, now)); });
    add_one("/status.json", [this, file](const Visit&, const StatusNow& now) {
      return file("application/json", status_json(look_, now).to_canonical());
    });
    if (look_.base_url.empty()) return;
    add_one("/status/stoerungen.atom", [file](const Visit& visit, const StatusNow& now) {
      return file("application/atom+xml", incident_feed(visit, now));
    });
  }

  // What people send: from our own pages only, and not without end. Nothing of it is said in the log.
  using FormTaker = Page (*)(const Visit&, const Form&, store::Database&, Instant);
  void add_form(http::Router& router, std::string pattern, FormTaker take) {
    router.add("POST", std::move(pattern), [this, take](const http::Request& request) {
      return answer(request, [this, &request, take](const Visit& visit) {
        if (!forms_.ask(request).allowed) return shown(visit, form_refused_page(visit, 429));
        const auto form = Form::read(request, look_.base_url);
        if (!form) return shown(visit, form_refused_page(visit, 400));
        return shown(visit, take(visit, *form, database_, clock_.now()));
      }, false).response;
    });
  }

  // Not kept: the log goes on.
  http::Response proof(const http::Request& request) {
    return answer(request, [](const Visit& visit) -> PageCache::Kept {
      return {proof_file(visit), Searched::no, true};
    }, false).response;
  }

  // As it is at this moment: nothing of it is kept.
  http::Response network(const http::Request& request) {
    network_log::NetworkStatus status;
    try {
      database_.read([&](store::Connection& connection) {
        if (!look_.own_log) return;
        const auto forked = look_.forked_logs ? look_.forked_logs() : std::vector<std::string>();
        status = network_log::network_status(connection, *look_.own_log, day(clock_), forked);
      });
    } catch (const store::Failure& failure) {
      log_.error("page failed", {{"route", "/netz"}, {"reason", failure.what()}});
      return failed(request, std::string(known_language(request.query_value("lang"))), is_away(failure));
    }
    const auto make = [&](const Visit& visit) { return shown(visit, network_page(visit, status, clock_.now())); };
    http::Response response = answer(request, make, false).response;
    return response;
  }

  // Who asks there wants a problem, not a page.
  static bool for_programs(std::string_view path) {
    for (const std::string_view prefix : {"/api/", "/fit-connect/", "/suchdienst/", "/bereitstellung/"}) {
      if (path.starts_with(prefix)) return true;
    }
    return false;
  }

  // Without a language in the address: as every page German, but what the browser prefers is offered. So this one page
  // depends on a header, and nothing of it is kept to be sent to others.
  http::Response start(const http::Request& request) {
    std::string_view offer;
    if (request.query_value("lang").empty()) offer = accepted_language(request.header("accept-language"));
    if (offer == languages[0]) offer = {};
    http::Response response = answer(request, [this, offer](const Visit& visit) {
      Page page = start_page(visit);
      page.offered_language = offer;
      return shown(visit, std::move(page));
    }, true, offer).response;
    if (request.query_value("lang").empty()) {
      response.header("Vary", "Accept-Language");
      response.reusable = false;
    }
    return response;
  }

  static http::Response no_api() {
    return secured(http::problem(404, "Nicht gefunden", "Diese Adresse der Schnittstelle gibt es nicht."));
  }

  http::Response elsewhere(const http::Request& request) {
    if (for_programs(request.path)) return no_api();
    if (request.method != "GET" && request.method != "HEAD") {
      return secured(http::problem(404, "Nicht gefunden", "Unter dieser Adresse ist nichts."));
    }
    return answer(request, [this](const Visit& visit) {
      std::string_view path = visit.request.path;
      if (path.size() > 1 && path.ends_with('/')) {   // "/norderstedt/" is "/norderstedt"
        while (path.size() > 1 && path.ends_with('/')) path.remove_suffix(1);
        http::Request shorter = visit.request;
        shorter.path = path;
        const Visit there{visit.look,  shorter,   visit.snapshot,   visit.objects, visit.language,
                          visit.today, visit.say, visit.connection, visit.proofs};
        return shown(visit, Page::redirect(301, there.here_in(visit.language)));
      }
      return shown(visit, not_found_page(visit, nullptr, path));
    }).response;
  }

  // From the cache, or made within one state of the store. Whatever goes wrong ends here.
  // `keep`: may be answered from the cache and kept there; `apart`: what else a page depends on.
  PageCache::Kept answer(const http::Request& request, const std::function<PageCache::Kept(const Visit&)>& make,
                         bool keep = true, std::string_view apart = {}) {
    const std::string language(known_language(request.query_value("lang")));
    try {
      const auto snapshot = finder_.snapshot();
      const std::string today = day(clock_);
      std::string generation = std::to_string(snapshot->sequence()) + " " + today;
      if (look_.carrier_version) generation += " " + std::to_string(look_.carrier_version());
      if (look_.incidents != nullptr) generation += " " + std::to_string(look_.incidents->version());
      const std::string key = cache_key(request, language) + std::string(apart);
      if (auto kept = keep ? cache_.find(generation, key) : std::nullopt) return std::move(*kept);
      PageCache::Kept made;
      const auto make_with = [&](store::Connection& connection, bool there) {
        const Visit visit{look_, request, *snapshot, directory::ObjectStore(connection), language, today,
                          texts_.in(language), there ? &connection : nullptr, there ? proofs_ : nullptr};
        made = make(visit);
        if (connection.secondary()) {   // may be taken back
          made.passing = true;
          for (auto& [name, value] : made.response.headers) {
            if (name == "Cache-Control") value = "no-store";
          }
        }
        made.response = secured(std::move(made.response), visit.framed() ? frame_ancestors(look_) : "'self'", made.styles);
      };
      try {
        database_.read([&](store::Connection& connection) { make_with(connection, true); });
      } catch (const store::Failure& failure) {
        log_.error("page without the store", {{"route", route_of(request)}, {"reason", failure.what()}});
        const bool away = is_away(failure);
        if (request.method == "POST") return {failed(request, language, away)};   // nothing is sent twice
        // Reading goes on from memory, where the page needs no more; nothing of it is kept.
        try {
          NoStore none;
          make_with(none, false);
          for (auto& [name, value] : made.response.headers) {   // complete, but made of what is in memory alone
            if (name == "Cache-Control") value = "no-store";
          }
        } catch (const store::Failure&) {
          return {failed(request, language, away)};
        }
        return made;
      }
      if (keep && made.response.status == 200 && !made.passing) {
        made.response.reusable = true;   // a page depends on nothing but what stands in its key
        cache_.put(generation, key, made);
      }
      return made;
    } catch (const std::exception& failure) {
      log_.error("page failed", {{"route", route_of(request)}, {"reason", failure.what()}});
      return {failed(request, language, false)};
    }
  }

  // What a page depends on: everything else in the query is noise.
  static std::string cache_key(const http::Request& request, const std::string& language) {
    std::string key = request.path;
    for (std::string_view name : {"q", "ort", "seite", "nr", "rahmen", "nur"}) {
      key += '\n';
      key += cut_utf8(request.query_value(name), 400);
    }
    return key + "\n" + language;
  }

  // For the log: never what somebody searched for.
  static std::string route_of(const http::Request& request) {
    return request.path.size() <= 200 ? request.path : request.path.substr(0, 200);
  }

  static bool is_away(const store::Failure& failure) {
    return dynamic_cast<const store::Unavailable*>(&failure) != nullptr;
  }

  http::Response failed(const http::Request& request, const std::string& language, bool away) {
    try {
      http::Response response =
          without_store(request, language, [away](const Visit& visit) { return failure_page(visit, away); });
      if (away) response.header("Retry-After", std::to_string(away_seconds));
      return response;
    } catch (const std::exception&) {
      return secured(
          http::text(500, "Das hat gerade nicht geklappt. Bitte versuchen Sie es in einer Minute noch einmal.\n"));
    }
  }

  http::Response make_busy(const std::string& language) {
    http::Request nothing;
    nothing.path = "/";
    http::Response response =
        without_store(nothing, language, [](const Visit& visit) { return busy_page(visit, busy_seconds); });
    response.header("Retry-After", std::to_string(busy_seconds));
    return response;
  }

  http::Response without_store(const http::Request& request, const std::string& language,
                               const std::function<Page(const Visit&)>& make) {
    const auto snapshot = finder_.snapshot();
    NoStore none;
    const Visit visit{look_, request, *snapshot, directory::ObjectStore(none), language, "",
                      texts_.in(language)};
    PageCache::Kept made = shown(visit, make(visit));
    return secured(std::move(made.response), "'self'", made.styles);
  }

  PageCache::Kept shown(const Visit& visit, Page page) const {
    if (!page.location.empty()) {
      http::Response response = http::redirect(page.status, page.location);
      response.header("Cache-Control", page.status == 301 ? "public, max-age=3600" : "no-store");
      return {std::move(response)};
    }
    const Style& style = styles_.of(page.name);
    add_frame(visit, page, texts_, assets_);
    auto html = texts_.templates.render(page.name, page.data,
                                        [&](std::string_view key) { return visit.say.messages().text(key); });
    if (!html) throw std::logic_error("template: " + html.error().text());
    put_in(style, *html);
    http::Response response = http::html(page.status, std::move(*html));
    response.header("Content-Language", visit.language)
        .header("Cache-Control",
                page.status == 200 && !page.passing ? "public, max-age=0, must-revalidate" : "no-store");
    if (page.offline && page.status == 200 && !visit.framed()) response.header(offline_header, "keep");
    return {std::move(response), page.searched, page.passing, style.source};
  }

  const Look look_;
  const Texts& texts_;
  const Assets& assets_ = assets_inside();
  const Styles styles_;
  directory::Finder& finder_;
  store::Database& database_;
  const Clock& clock_;
  const log::Log log_;
  directory::SearchCounter* const counter_;
  const Found found_{look_, texts_, finder_, database_, log_};
  const Installed installed_{look_, texts_, assets_};
  const Proofs* const proofs_;
  PlainShare plain_share_;
  http::RateLimiter forms_;
  PageCache cache_{look_.cache_bytes};
  std::map<std::string, http::Response, std::less<>> busy_;   // by language
};

}  // namespace

Result<std::unique_ptr<Portal>> Portal::create(Look look, directory::Finder& finder, store::Database& database,
                                               const Clock& clock, const log::Log& log,
                                               directory::SearchCounter* counter, const Proofs* proofs) {
  const Result<Texts>& texts = texts_inside();
  if (!texts) return std::unexpected(texts.error());
  return std::make_unique<PortalPages>(std::move(look), *texts, finder, database, clock, log, counter, proofs);
}

}  // namespace verbund::portal
