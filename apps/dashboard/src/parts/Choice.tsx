/** One of a few, side by side. */
interface Properties {
  readonly label: string
  readonly value: string
  readonly options: ReadonlyArray<{ readonly value: string; readonly title: string }>
  readonly onChoose: (value: string) => void
}

export const Choice = ({ label, onChoose, options, value }: Properties) => (
  <div class="choice" role="group" aria-label={label}>
    {options.map((option) => (
      <button
        key={option.value}
        type="button"
        aria-pressed={option.value === value}
        onClick={() => onChoose(option.value)}
      >
        {option.title}
      </button>
    ))}
  </div>
)

/** One of many, in a list that opens. */
export const Select = ({ label, onChoose, options, value }: Properties) => (
  <label class="select">
    <span class="unseen">{label}</span>
    <select value={value} onChange={({ currentTarget }) => onChoose(currentTarget.value)}>
      {options.map((option) => (
        <option key={option.value} value={option.value}>
          {option.title}
        </option>
      ))}
    </select>
  </label>
)
