package render

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/charmbracelet/lipgloss"
)

// A StatsRow is what the attempts to one endpoint, of one event, came to.
type StatsRow struct {
	Endpoint, Event  string
	Count, Succeeded int
	P50, P90, P99    time.Duration
	Longest          time.Duration
	// Total says that it is of all.
	Total bool
}

// MarshalJSON writes the row in its stable form, times in milliseconds. Of no attempts there
// is neither a rate nor a time.
func (r StatsRow) MarshalJSON() ([]byte, error) {
	ms := func(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
	type numbers struct {
		SuccessRate float64 `json:"success_rate"`
		P50         float64 `json:"p50_ms"`
		P90         float64 `json:"p90_ms"`
		P99         float64 `json:"p99_ms"`
		Longest     float64 `json:"max_ms"`
	}
	var told *numbers
	if r.Count > 0 {
		told = &numbers{r.rate(), ms(r.P50), ms(r.P90), ms(r.P99), ms(r.Longest)}
	}
	return json.Marshal(struct {
		Endpoint  string `json:"endpoint,omitempty"`
		Event     string `json:"event,omitempty"`
		Total     bool   `json:"total,omitempty"`
		Count     int    `json:"count"`
		Succeeded int    `json:"succeeded"`
		*numbers
	}{r.Endpoint, r.Event, r.Total, r.Count, r.Succeeded, told})
}

// rate is the part that succeeded, 1 being all.
func (r *StatsRow) rate() float64 {
	if r.Count == 0 {
		return 0
	}
	return float64(r.Succeeded) / float64(r.Count)
}

// A BarStyle says how bars are drawn.
type BarStyle int

// The styles of bars.
const (
	NoBars BarStyle = iota
	PlainBars
	BlockBars // leaves ASCII
)

// StatsOptions say which columns there are.
type StatsOptions struct {
	Endpoint, Event bool
	Bars            BarStyle
}

const (
	// barColumns is how long the longest bar is, minBar what is left of it on a narrow
	// terminal, minName of the name of an endpoint or event.
	barColumns = 20
	minBar     = 6
	minName    = 10
)

// Stats writes rows in columns, then total where there are several, each with a bar that
// shows its part of all attempts, and how many of them failed. Where a terminal is too
// narrow for bars there are none, and names are cut.
func (p *Printer) Stats(rows []StatsRow, total StatsRow, o StatsOptions) error {
	heads := statsHeads(o)
	names := len(heads) - statsNumbers
	most := 0
	for _, r := range rows {
		most = max(most, r.Count)
	}
	lines := [][]span{make([]span, len(heads))}
	for i, head := range heads {
		lines[0][i] = span{head, p.theme.faint}
	}
	for i := range rows {
		lines = append(lines, p.statsCells(&rows[i], o))
	}
	if len(rows) > 1 {
		cells := p.statsCells(&total, o)
		cells[0] = span{"total", p.theme.strong}
		for i := 1; i < names; i++ {
			cells[i] = span{}
		}
		lines = append(lines, make([]span, 0), cells)
	}
	widths, bars := p.statsWidths(lines, names, o.Bars)
	var b bytes.Buffer
	for i, cells := range lines {
		parts := statsParts(p, cells, widths, names)
		if bars > 0 && i > 0 && i <= len(rows) {
			parts = append(parts, p.paint(p.rateStyle(&rows[i-1]), bar(&rows[i-1], most, bars, o.Bars)))
		}
		writeLine(&b, parts...)
	}
	return p.write(b.Bytes())
}

// statsWidths are the widths of the columns and of the longest bar, 0 where there is no room
// for bars: names and bars share what the numbers leave.
func (p *Printer) statsWidths(lines [][]span, names int, style BarStyle) (widths []int, bars int) {
	widths = make([]int, names+statsNumbers)
	for _, cells := range lines {
		for i, cell := range cells {
			widths[i] = max(widths[i], columns(cell.text))
		}
	}
	if style != NoBars {
		bars = barColumns
	}
	if p.options.Width == 0 {
		return widths, bars
	}
	room := p.options.Width
	for _, w := range widths[names:] {
		room -= w + 2
	}
	least, whole := 0, 0
	for _, w := range widths[:names] {
		least, whole = least+min(w, minName)+2, whole+w+2
	}
	if bars = min(bars, max(room/4, room-whole)); bars < minBar || room-least < bars {
		bars = 0
	}
	room -= bars
	for i := range names { // what a short name leaves goes to those after it
		share := max(minName, room/(names-i)-2)
		widths[i] = min(widths[i], share)
		room -= widths[i] + 2
	}
	return widths, bars
}

// statsParts are cells in columns of those widths: names at the left, numbers at the right.
func statsParts(p *Printer, cells []span, widths []int, names int) []string {
	parts := make([]string, 0, len(cells)+1)
	for i, cell := range cells {
		if i < names {
			text := fold(cell.text, widths[i])
			if i == 0 {
				text = foldPlace(cell.text, widths[i])
			}
			parts = append(parts, p.paint(cell.style, text)+padding(text, widths[i]))
			continue
		}
		parts = append(parts, padding(cell.text, widths[i])+p.paint(cell.style, cell.text))
	}
	return parts
}

// statsNumbers is how many columns have numbers.
const statsNumbers = 6

func statsHeads(o StatsOptions) []string {
	var heads []string
	if o.Endpoint {
		heads = append(heads, "ENDPOINT")
	}
	if o.Event {
		heads = append(heads, "EVENT")
	}
	return append(heads, "COUNT", "OK", "P50 MS", "P90 MS", "P99 MS", "MAX MS")
}

func (p *Printer) statsCells(r *StatsRow, o StatsOptions) []span {
	var cells []span
	if o.Endpoint {
		cells = append(cells, span{orDash(Safe(r.Endpoint)), p.theme.plain})
	}
	if o.Event {
		cells = append(cells, span{orDash(Safe(r.Event)), p.theme.plain})
	}
	style := p.rateStyle(r)
	cells = append(cells, span{strconv.Itoa(r.Count), p.theme.plain}, span{percentInWords(r), style})
	for _, d := range []time.Duration{r.P50, r.P90, r.P99, r.Longest} {
		cells = append(cells, span{milliseconds(d), p.theme.plain})
	}
	return cells
}

func (p *Printer) rateStyle(r *StatsRow) lipgloss.Style {
	switch {
	case r.Succeeded == r.Count:
		return p.theme.good
	case 2*r.Succeeded >= r.Count:
		return p.theme.warn
	}
	return p.theme.alarm
}

// percentInWords is the part that succeeded, which is 100% or 0% only where that is so.
func percentInWords(r *StatsRow) string {
	switch percent := r.rate() * 100; {
	case r.Succeeded == r.Count, r.Succeeded == 0:
		return fmt.Sprintf("%.0f%%", percent)
	default:
		return fmt.Sprintf("%.1f%%", min(max(percent, 0.1), 99.9))
	}
}

// bar is as long as the row's part of the largest row, whose bar is longest, what failed at
// its end.
func bar(r *StatsRow, most, longest int, style BarStyle) string {
	good, failed := "#", "."
	if style == BlockBars {
		good, failed = "\u2588", "\u2591"
	}
	if most == 0 {
		return ""
	}
	length := max(1, (r.Count*longest+most/2)/most)
	bad := (r.Count - r.Succeeded) * length / max(r.Count, 1)
	if r.Succeeded < r.Count {
		bad = max(bad, 1)
	}
	return strings.Repeat(good, length-bad) + strings.Repeat(failed, bad)
}
