package cli

import (
	"strings"
	"testing"
)

// What is interrupted is taken up by the command that was told.
func TestResumeCommandIsWhole(t *testing.T) {
	o := &sendOptions{speed: 60, secrets: []string{"env:A", "literal"}, errorsTo: "http://u:p@h/e", insecure: true}
	o.set = []string{"policy.retry=announced", "data.id=5", "rule:event.new_id=uuid", "policy.retry.delays=[1m, 5m]"}
	want := "hookctl send --resume --set policy.retry=announced --set rule:event.new_id=uuid --set 'policy.retry.delays=[1m, 5m]' --secret env:A --speed 60x --errors-to"
	got := o.resumeCommand()
	if !strings.HasPrefix(got, want) || !strings.HasSuffix(got, " --insecure") {
		t.Errorf("got  %s\nwant %s …", got, want)
	}
	for _, secret := range []string{"literal", "u:p"} {
		if strings.Contains(got, secret) {
			t.Errorf("%s shows in %s", secret, got)
		}
	}
}

func TestShuffleIsThatOfItsSeed(t *testing.T) {
	order := func(seed uint64) string {
		var mail []*parcel
		for _, name := range strings.Split("abcdefghij", "") {
			p := &parcel{}
			p.event.Type = name
			mail = append(mail, p)
		}
		shuffle(mail, seed)
		text := ""
		for _, p := range mail {
			text += p.event.Type
		}
		return text
	}
	if order(7) != order(7) || order(7) == order(8) || order(7) == "abcdefghij" {
		t.Errorf("7: %s and %s, 8: %s", order(7), order(7), order(8))
	}
}

func TestSpeedAndSeedRefuseNonsense(t *testing.T) {
	for _, text := range []string{"", "x", "0", "-1x", "NaN", "Inf", "1e9x", "60s"} {
		if err := new(speedup).Set(text); err == nil {
			t.Errorf("--speed %q was taken", text)
		}
	}
	var s speedup
	if err := s.Set("1.5x"); err != nil || s.String() != "1.5x" {
		t.Errorf("--speed 1.5x: %s, %v", s.String(), err)
	}
	for _, text := range []string{"", "-1", "1.5", "a"} {
		if err := new(seedNumber).Set(text); err == nil {
			t.Errorf("--seed %q was taken", text)
		}
	}
}

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
