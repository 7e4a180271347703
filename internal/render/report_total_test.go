package render_test

import (
	"testing"

	"github.com/hookctl/hookctl/internal/render"
	"github.com/hookctl/hookctl/internal/validate"
)

func TestTotalLine(t *testing.T) {
	for want, total := range map[string]validate.Total{
		"0 payloads":                   {},
		"1 payload: 1 valid":           {Valid: 1},
		"2 payloads: 2 valid; 1 doubt": {Valid: 2, Doubts: 1},
		"2 payloads: 1 valid, 1 invalid (1 fault); 2 doubts; 1 refused, as must be":                                     {Valid: 1, Invalid: 1, Faults: 1, Doubts: 2, Refused: 1},
		"1 payload: 1 invalid (2 faults)":                                                                               {Invalid: 1, Failed: 1, Faults: 2},
		"12 payloads: 9 valid, 1 envelope only, 2 invalid (3 faults)":                                                   {Valid: 9, Envelope: 1, Invalid: 2, Faults: 3},
		"6 payloads: 1 invalid (1 fault), 2 without a schema, 1 not JSON, 2 unreadable":                                 {Invalid: 1, Faults: 1, NoSchema: 2, NotJSON: 1, Trouble: 2},
		"2 payloads: 2 invalid (2 faults); 2 refused, as must be":                                                       {Invalid: 2, Faults: 2, Refused: 2},
		"3 payloads: 1 valid, 2 not JSON; 1 of 3 that must be refused was accepted":                                     {Valid: 1, NotJSON: 2, Refused: 2, Accepted: 1},
		"3 payloads: 2 valid, 1 not JSON; 2 of 3 that must be refused were accepted":                                    {Valid: 2, NotJSON: 1, Refused: 1, Accepted: 2},
		"2 payloads: 1 invalid (1 fault), 1 without a schema; 1 of 2 that must be refused could not be checked":         {Invalid: 1, Faults: 1, NoSchema: 1, Refused: 1, Unjudged: 1},
		"2 payloads: 1 valid, 1 without a schema; 1 of 2 that must be refused was accepted, and 1 could not be checked": {Valid: 1, NoSchema: 1, Accepted: 1, Unjudged: 1},
		"1 payload: 1 valid; interrupted":                                                                               {Valid: 1, Interrupted: true},
	} {
		if got := render.TotalLine(total); got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	}
}
