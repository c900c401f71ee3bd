// SPDX-License-Identifier: EUPL-1.2
#include "directory/workload/sentences.h"

namespace verbund::directory::workload {
namespace {

constexpr std::string_view opening[] = {
    "wenn Sie {Oa}{Q} {V} möchten, wenden Sie sich an {Ba}.",
    "{Vn} {Og}{Q} ist bei {Bd} möglich.",
    "hier erfahren Sie, wie Sie {Oa}{Q} {V} können und was Sie dafür benötigen.",
    "wer in {P} wohnt oder dort einen Betrieb führt, kann {Oa}{Q} bei {Bd} {V}.",
    "für {Oa}{Q} ist {Bn} Ihre erste Anlaufstelle.",
    "{Oa}{Q} müssen Sie rechtzeitig {V}, sobald sich Ihre Verhältnisse ändern.",
    "mit {Vd} {Og}{Q} kommen Sie einer gesetzlichen Pflicht nach.",
    "unter bestimmten Voraussetzungen können Sie {Oa}{Q} auch online {V}.",
};

constexpr std::string_view body[] = {
    "grundlage der Entscheidung ist {Kn}, {Krn} Ihnen auf Wunsch ausgehändigt wird.",
    "zu {Od} gehören auch {Kp} und {Kp}.",
    "die Angaben werden in {Ka} übernommen und dort für {T} gespeichert.",
    "bestehen Zweifel, kann {Bn} {Ka} verlangen.",
    "über {Oa} wird in der Regel innerhalb von {T} entschieden.",
    "das Verfahren richtet sich nach {L}.",
    "nach {L} sind Sie verpflichtet, jede Änderung unverzüglich mitzuteilen.",
    "auch für {Ka} gelten diese Regeln entsprechend.",
    "wurde bereits {Ke} erteilt, legen Sie bitte eine Kopie bei.",
    "eine Besonderheit besteht bei {Kdp}: hier prüft {Bn} den Einzelfall.",
    "die Zuständigkeit für {Ka} liegt nicht bei {Bd}, sondern bei einer anderen Stelle.",
    "sollten Sie umziehen, bleibt {On} bis zum Ablauf des Jahres gültig.",
    "ist {Kn} noch nicht abgeschlossen, ruht das Verfahren bis dahin.",
    "bitte beachten Sie, dass {On} nicht auf andere Personen übertragen werden kann.",
    "im Zusammenhang mit {Od} werden häufig {Kp} und {Kp} benötigt.",
    "die Behörde darf Auskünfte aus {Kd} einholen, soweit dies erforderlich ist.",
    "{Kn} ersetzt {Oa} nicht.",
    "von {Kd} kann abgesehen werden, wenn dies eine unbillige Härte wäre.",
    "in {P} gelten dafür besondere Öffnungszeiten.",
    "für {Kp} ist ein gesonderter Antrag zu stellen.",
    "nähere Einzelheiten regelt die Satzung über {Ka}.",
    "liegen {Kp} vor, verkürzt sich die Bearbeitung auf {T}.",
    "die Höhe richtet sich nach {Kd} und nach dem Einkommen der letzten zwölf Monate.",
    "{Vn} wird abgelehnt, wenn {Kn} fehlt oder unvollständig ist.",
    "bei Fragen zu {Kd} hilft Ihnen die Servicestelle in {P} weiter.",
    "haben Sie {Ka} bereits vorgelegt, müssen Sie nichts weiter veranlassen.",
    "als Nachweis wird auch {Kn} anerkannt.",
    "die zuständige Stelle stimmt sich dazu mit der Fachaufsicht für {Ka} ab.",
    "mehr als {N} Personen dürfen {Oa} nicht gemeinsam nutzen.",
    "vor {Vd} sollten Sie prüfen, ob {Kn} ausreicht.",
    "für Betriebe mit mehr als {N} Beschäftigten gelten strengere Vorschriften über {Kp}.",
    "das Ergebnis wird Ihnen schriftlich oder elektronisch mitgeteilt.",
    "wird {Kn} geändert, ist eine neue Prüfung notwendig.",
    "unberührt bleiben die Vorschriften über {Kp} nach {L}.",
    "ob {Kn} angerechnet wird, entscheidet {Bn} nach pflichtgemäßem Ermessen.",
    "der Landkreis und die Gemeinden haben hierzu eine Vereinbarung über {Kp} geschlossen.",
    "seit dem {D} können Sie {Oa} ohne Termin {V}.",
    "in Ausnahmefällen genügt {Kn} anstelle des Originals.",
};

constexpr std::string_view requirements[] = {
    "sie sind volljährig oder haben die Zustimmung der Sorgeberechtigten.",
    "sie haben Ihren Wohnsitz oder Sitz in {P} oder Umgebung.",
    "{Kn} liegt vor.",
    "es bestehen keine Rückstände bei {Kdp}.",
    "{On} wurde nicht bereits an anderer Stelle beantragt.",
    "die Anforderungen nach {L} sind erfüllt.",
    "sie können {Ka} nachweisen.",
    "seit der letzten Entscheidung sind mindestens {T} vergangen.",
    "gegen Sie läuft kein Verfahren wegen {Kg}.",
    "die Räume entsprechen den Vorschriften über {Kp}.",
};

constexpr std::string_view procedure[] = {
    "füllen Sie den Antrag auf {Oa} vollständig aus und unterschreiben Sie ihn.",
    "reichen Sie die Unterlagen persönlich, per Post oder über das Online-Portal ein.",
    "{Bn} prüft Ihre Angaben und fordert fehlende Nachweise an.",
    "bei Bedarf holt die Behörde eine Stellungnahme zu {Kd} ein.",
    "vereinbaren Sie einen Termin; die Wartezeit beträgt derzeit etwa {T}.",
    "bezahlen Sie die Gebühr bar, mit Karte oder per Überweisung.",
    "nach Abschluss der Prüfung erhalten Sie einen Bescheid über {Oa}.",
    "wird Ihrem Antrag entsprochen, können Sie {Oa} in {P} abholen.",
    "legen Sie {Ka} im Original vor.",
    "über {Ka} wird gesondert entschieden.",
    "ist eine Ortsbesichtigung notwendig, meldet sich die Fachstelle für {Kp} bei Ihnen.",
    "sie können sich durch eine bevollmächtigte Person vertreten lassen.",
};

constexpr std::string_view documents[] = {
    "gültiger Personalausweis oder Reisepass", "{K}, nicht älter als {T}", "ausgefüllter Antrag auf {Oa}",
    "{K} im Original", "{K} in Kopie", "gegebenenfalls Vollmacht und Ausweis der bevollmächtigten Person",
    "nachweis über {Ka}", "{K} mit Lageplan im Maßstab 1:{N}00", "einkommensnachweise der letzten drei Monate",
    "bescheid über {Ka}", "erklärung zu {Kd}", "bei Minderjährigen: Zustimmung beider Elternteile",
};

constexpr std::string_view fees[] = {
    "{Vn} kostet {E}.", "für {Ka} fallen zusätzlich {E} an.", "ermäßigt beträgt die Gebühr {E}.",
    "die Gebühr ist bei Antragstellung zu entrichten.", "auslagen für {Kp} werden gesondert berechnet.",
    "es können Kosten für {Ka} entstehen.",
};

constexpr std::string_view deadlines[] = {
    "der Antrag ist spätestens {T} vor Beginn zu stellen.", "stichtag ist jeweils der {D}.",
    "die Frist beginnt mit der Bekanntgabe {Kg}.", "nach Ablauf von {T} erlischt {On}.",
    "änderungen sind innerhalb von {T} mitzuteilen.",
};

constexpr std::string_view notes[] = {
    "wer {Oa} nicht oder zu spät meldet, handelt ordnungswidrig.",
    "das Bußgeld kann bis zu {E} betragen.",
    "informationen zu {Kdp} finden Sie auf einer eigenen Seite.",
    "in {P} und in den umliegenden Gemeinden gelten teilweise andere Sätze.",
    "bei Verlust {Kg} wenden Sie sich bitte umgehend an {Ba}.",
    "ehrenamtlich Tätige können von {Kd} befreit werden.",
    "hinweise zum Datenschutz erhalten Sie mit den Unterlagen über {Ka}.",
    "sprechen Sie wenig Deutsch, bringen Sie bitte eine dolmetschende Person mit.",
};

constexpr std::string_view appeals[] = {
    "gegen den Bescheid können Sie innerhalb eines Monats Widerspruch einlegen.",
    "gegen die Entscheidung über {Ka} ist die Klage vor dem Verwaltungsgericht zulässig.",
    "hilft {Bn} dem Widerspruch nicht ab, entscheidet die nächsthöhere Behörde.",
    "der Widerspruch hat nach {L} keine aufschiebende Wirkung.",
};

}  // namespace

std::span<const std::string_view> opening_sentences() { return opening; }
std::span<const std::string_view> body_sentences() { return body; }
std::span<const std::string_view> requirement_sentences() { return requirements; }
std::span<const std::string_view> procedure_sentences() { return procedure; }
std::span<const std::string_view> document_lines() { return documents; }
std::span<const std::string_view> fee_sentences() { return fees; }
std::span<const std::string_view> deadline_sentences() { return deadlines; }
std::span<const std::string_view> note_sentences() { return notes; }
std::span<const std::string_view> appeal_sentences() { return appeals; }

}  // namespace verbund::directory::workload
