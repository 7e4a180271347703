package cli

import "testing"

func TestStatusesOfFilters(t *testing.T) {
	var s statusRanges
	if err := s.Set("200,5xx, 300..304 ,none"); err != nil || s.String() != "200,500..599,300..304,none" {
		t.Errorf("%s, %v", s.String(), err)
	}
	for _, text := range []string{"", "99", "600", "6xx", "xx", "304..300", "1..2", "2x", "200,", "200..2000"} {
		if err := new(statusRanges).Set(text); err == nil {
			t.Errorf("%q was taken", text)
		}
	}
}
