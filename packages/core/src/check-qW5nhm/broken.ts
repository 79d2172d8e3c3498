export const nothing = (value: any) => value
