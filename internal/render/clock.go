package render

import "time"

// clock is the time of day, for a log that is read as it is written.
func (p *Printer) clock(t time.Time) string {
	return t.In(p.options.Location).Format(time.TimeOnly)
}

// when is the time of day for today's times and the date for all others.
func (p *Printer) when(t time.Time) string {
	local := t.In(p.options.Location)
	if p.options.Now != nil {
		today := p.options.Now().In(p.options.Location)
		if local.Year() == today.Year() && local.YearDay() == today.YearDay() {
			return local.Format(time.TimeOnly)
		}
	}
	return local.Format(time.DateOnly)
}

// instant is a time in full, with its zone.
func (p *Printer) instant(t time.Time) string {
	return t.In(p.options.Location).Format("2006-01-02 15:04:05.000000 -07:00")
}
