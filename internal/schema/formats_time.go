package schema

import "strings"

// isDateTime goes by RFC 3339.
func isDateTime(s string) bool {
	return len(s) > 11 && isDate(s[:10]) && s[10]|0x20 == 't' && isTime(s[11:])
}

func isDate(s string) bool {
	if len(s) != 10 || s[4] != '-' || s[7] != '-' {
		return false
	}
	year, ok := number(s[:4])
	month, ok2 := number(s[5:7])
	day, ok3 := number(s[8:])
	return ok && ok2 && ok3 && month >= 1 && month <= 12 && day >= 1 && day <= daysOf(month, year)
}

func daysOf(month, year int) int {
	switch month {
	case 4, 6, 9, 11:
		return 30
	case 2:
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	}
	return 31
}

// isTime is a time of the day with its offset. A leap second is one only at the end of
// the day of UTC.
func isTime(s string) bool {
	if len(s) < 9 || s[2] != ':' || s[5] != ':' {
		return false
	}
	hour, ok := number(s[:2])
	minute, ok2 := number(s[3:5])
	second, ok3 := number(s[6:8])
	if !ok || !ok2 || !ok3 || hour > 23 || minute > 59 || second > 60 {
		return false
	}
	rest := s[8:]
	if rest[0] == '.' {
		digits := leadingDigits(rest[1:])
		if digits == 0 {
			return false
		}
		rest = rest[1+digits:]
	}
	east, ok := offset(rest)
	if !ok {
		return false
	}
	utc := (hour*60 + minute - east + 24*60) % (24 * 60)
	return second < 60 || utc == 23*60+59
}

// offset is that of a time zone, in minutes east of Greenwich.
func offset(s string) (int, bool) {
	if s == "Z" || s == "z" {
		return 0, true
	}
	if len(s) != 6 || s[0] != '+' && s[0] != '-' || s[3] != ':' {
		return 0, false
	}
	hour, ok := number(s[1:3])
	minute, ok2 := number(s[4:])
	if !ok || !ok2 || hour > 23 || minute > 59 {
		return 0, false
	}
	if s[0] == '-' {
		return -hour*60 - minute, true
	}
	return hour*60 + minute, true
}

// number is what digits, and nothing but digits, say.
func number(digits string) (int, bool) {
	n := 0
	for i := range len(digits) {
		if !isDigit(digits[i]) {
			return 0, false
		}
		n = n*10 + int(digits[i]-'0')
	}
	return n, true
}

// isDuration goes by appendix A of RFC 3339: units follow each other without a gap, and
// weeks stand alone.
func isDuration(s string) bool {
	rest, ok := strings.CutPrefix(s, "P")
	if !ok {
		return false
	}
	date, time, hasTime := strings.Cut(rest, "T")
	dateUnits, ok := unitsOf(date)
	if !ok || !strings.Contains("YMD", dateUnits) && (dateUnits != "W" || hasTime) {
		return false
	}
	if !hasTime {
		return dateUnits != ""
	}
	timeUnits, ok := unitsOf(time)
	return ok && timeUnits != "" && strings.Contains("HMS", timeUnits)
}

// unitsOf are the letters after the numbers of a part of a duration.
func unitsOf(s string) (string, bool) {
	var units []byte
	for s != "" {
		digits := leadingDigits(s)
		if digits == 0 || digits == len(s) {
			return "", false
		}
		units = append(units, s[digits])
		s = s[digits+1:]
	}
	return string(units), true
}
