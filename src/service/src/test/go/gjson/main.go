// Says of each line of the input, a JSON document, whether KServe's router would go on to the step with a condition: its
// test is gjson.ValidBytes and then gjson.GetBytes(…).Exists() (cmd/router/main.go), with the library that it uses.
package main

import (
	"bufio"
	"fmt"
	"os"

	"github.com/tidwall/gjson"
)

func main() {
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 1<<24)
	for lines.Scan() {
		answer := lines.Bytes()
		fmt.Println(gjson.ValidBytes(answer) && gjson.GetBytes(answer, os.Args[1]).Exists())
	}
}
