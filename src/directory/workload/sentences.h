// SPDX-License-Identifier: EUPL-1.2
// Sentences of administrative German with places to fill in. Own work.
//   {On} {Og} {Od} {Oa}   the object with article: "die Hundesteuer", "der Hundesteuer" ...; {O} bare, {Op} plural
//   {Vn} {Vg} {Vd}        what is done with it, as a noun: "die Anmeldung" ...; {V} the verb
//   {Kn} {Kg} {Kd} {Ka}   another noun of administration with article; {K} bare, {Kp} plural
//   {Bd} {Bn}             the authority that does it: "der Gemeindeverwaltung"
//   {L} a law, {E} an amount, {T} a duration, {N} a number, {D} a day, {P} a place, {Q} the qualifier or nothing
// A sentence begins with a capital letter however it is filled.
#pragma once

#include <span>
#include <string_view>

namespace verbund::directory::workload {

std::span<const std::string_view> opening_sentences();       // what it is about
std::span<const std::string_view> body_sentences();          // anything else
std::span<const std::string_view> requirement_sentences();
std::span<const std::string_view> procedure_sentences();
std::span<const std::string_view> document_lines();          // items of a list
std::span<const std::string_view> fee_sentences();
std::span<const std::string_view> deadline_sentences();
std::span<const std::string_view> note_sentences();
std::span<const std::string_view> appeal_sentences();

}  // namespace verbund::directory::workload
