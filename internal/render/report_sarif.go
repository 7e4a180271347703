package render

import (
	"cmp"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/hookctl/hookctl/internal/validate"
)

// maxResults is how many results code scanning of GitHub takes in one run; it refuses
// files that have more.
const maxResults = 25_000

// A sarifReport writes a SARIF 2.1.0 log of one run. The results come first in it, as
// they are found; what they refer to comes after them.
type sarifReport struct {
	out     pieces
	options ReportOptions
	marks   fingerprints
	kinds   []string // the rules, as they were met
	results int
	left    int // results beyond maxResults
}

// sarifHelp is what to do about a result of any rule.
const sarifHelp = "hookctl validate shows the line that it is in, and hookctl catalog show what the schema says."

const sarifStart = `{
"$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
"version": "2.1.0",
"runs": [{
"columnKind": "unicodeCodePoints",
"results": [`

func newSARIFReport(w io.Writer, o ReportOptions) *sarifReport {
	s := &sarifReport{out: pieces{to: w}, options: o}
	s.out.WriteString(sarifStart)
	return s
}

func (s *sarifReport) Report(r *validate.Report) error {
	found := s.options.findings(r)
	for i := range found {
		if s.results == maxResults {
			s.left += len(found) - i
			break
		}
		if err := s.result(r, &found[i]); err != nil {
			return err
		}
	}
	return s.out.send()
}

func (s *sarifReport) result(r *validate.Report, f *finding) error {
	rule := slices.Index(s.kinds, f.kind)
	if rule < 0 {
		rule = len(s.kinds)
		s.kinds = append(s.kinds, f.kind)
	}
	text, err := reportJSON(sarifResult{
		RuleID: f.kind, RuleIndex: rule, Level: sarifLevel(f.level), Message: sarifMessage{sarifText(f.text())},
		Locations:           []sarifLocation{s.place(r, f)},
		PartialFingerprints: map[string]string{"hookctlFinding/v1": s.marks.of(cmp.Or(s.options.located(r), r.Path), f)},
		Properties:          sarifProperties{inert(r.Provider), fold(inert(r.Event), maxEventName), f.rule},
	})
	if err != nil {
		return err
	}
	if s.results > 0 {
		s.out.WriteByte(',')
	}
	s.results++
	s.out.WriteByte('\n')
	s.out.Write(text)
	return nil
}

// place is where a finding is. One that is in no file is given its payload's name in the
// place of that: code scanning takes no log of which one result is nowhere.
func (s *sarifReport) place(r *validate.Report, f *finding) sarifLocation {
	file := s.options.located(r)
	at := sarifPhysical{
		ArtifactLocation: sarifArtifact{URI: artifactURI(cmp.Or(file, r.Path))},
		Region:           sarifRegion{max(1, f.line), f.column},
	}
	if file != "" && !strings.Contains(at.ArtifactLocation.URI, ":") {
		at.ArtifactLocation.URIBaseID = "%SRCROOT%"
	}
	location := sarifLocation{PhysicalLocation: at}
	if f.pointer != "" {
		location.LogicalLocations = []sarifLogical{{f.pointer}}
	}
	return location
}

// Close writes what the results refer to, and how the run ended.
func (s *sarifReport) Close(t validate.Total) error {
	driver := sarifDriver{
		Name: "hookctl", Version: strings.TrimPrefix(s.options.Version, "v"),
		InformationURI: "https://github.com/hookctl/hookctl", Rules: []sarifRule{},
	}
	for _, kind := range s.kinds {
		text := sarifMessage{sarifText(kindInWords(kind))}
		driver.Rules = append(driver.Rules, sarifRule{kind, text, text, sarifMessage{sarifHelp}})
	}
	run := sarifInvocation{ExecutionSuccessful: t.Trouble == 0 && !t.Interrupted, Notes: s.notes(t)}
	for _, part := range []struct {
		name string
		of   any
	}{{"\n],\n\"tool\": ", map[string]any{"driver": driver}}, {",\n\"invocations\": ", []sarifInvocation{run}}} {
		text, err := reportJSON(part.of)
		if err != nil {
			return err
		}
		s.out.WriteString(part.name)
		s.out.Write(text)
	}
	s.out.WriteString("\n}]\n}\n")
	return s.out.send()
}

// notes are what the results do not say: that there are more, and that not all was done.
func (s *sarifReport) notes(t validate.Total) []sarifNote {
	notes := []sarifNote{}
	if s.left > 0 {
		text := counted(s.left, "finding") + " left out: " + strconv.Itoa(maxResults) + " are the most that code scanning takes"
		notes = append(notes, sarifNote{"warning", sarifMessage{text}})
		s.options.notice("sarif: %s", text)
	}
	if t.Interrupted {
		notes = append(notes, sarifNote{"warning", sarifMessage{TotalLine(t)}})
	}
	return notes
}

func sarifLevel(l level) string {
	switch l {
	case levelError:
		return "error"
	case levelWarning:
		return "warning"
	}
	return "note"
}

// sarifText is s for a message, in which [text](target) would be a link.
func sarifText(s string) string { return strings.ReplaceAll(s, "](", "] (") }
