package render

import "github.com/hookctl/hookctl/internal/delivery"

// An AssumptionJSON is a rule that decided and that no source states for certain.
type AssumptionJSON struct {
	Rule    string       `json:"rule"`
	Value   string       `json:"value"`
	Status  string       `json:"status"`
	Note    string       `json:"note,omitempty"`
	Choices []choiceJSON `json:"choices"`
}

// A choiceJSON is a setting that decides otherwise.
type choiceJSON struct {
	Set    string `json:"set"`
	Status string `json:"status,omitempty"`
	Note   string `json:"note,omitempty"`
}

// AssumptionsJSON are assumptions in their stable form, [] where there are none.
func AssumptionsJSON(all []delivery.Assumption) []AssumptionJSON {
	list := make([]AssumptionJSON, 0, len(all))
	for _, a := range all {
		made := AssumptionJSON{Rule: a.Rule, Value: a.Value, Status: string(a.Status), Note: a.Note, Choices: []choiceJSON{}}
		if a.Status == "" {
			made.Status = "hookctl"
		}
		for _, c := range a.Choices {
			made.Choices = append(made.Choices, choiceJSON{Set: c.Set, Status: string(c.Status), Note: c.Note})
		}
		list = append(list, made)
	}
	return list
}
