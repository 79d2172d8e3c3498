/** The reporters of a run; where `CI_RESULTS` names a folder, its counts are left there as JSON too. */
export const reporters = (name: string): Array<string | [string, { outputFile: string }]> => {
  const folder = process.env["CI_RESULTS"]
  return folder === undefined ? ["default"] : ["default", ["json", { outputFile: `${folder}/${name}.json` }]]
}
